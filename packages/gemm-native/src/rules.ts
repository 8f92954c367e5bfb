import type { LibraryKind } from "./library/kinds.ts";

// Every call packs A, for oneDNN 0.2 ns and for OpenBLAS 0.5 ns a weight on the machines this was measured on.
const fewestPixels: Readonly<Partial<Record<LibraryKind, number>>> = { onednn: 100 };

/** Pixels below which a product costs the library more in packing than in sums. */
export function fewestPixelsOf(kind: LibraryKind): number {
  return fewestPixels[kind] ?? 200;
}
