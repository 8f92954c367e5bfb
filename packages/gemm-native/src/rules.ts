import type { Tile } from "@leanconv/wasm-runtime";
import type { LibraryKind } from "./library/kinds.ts";
import type { Processor } from "./library/processor.ts";

// Every call packs A, for oneDNN 0.2 ns and for OpenBLAS 0.5 ns a weight on the machines this was measured on.
const fewestPixels: Readonly<Partial<Record<LibraryKind, number>>> = { onednn: 100 };

/** Pixels below which a product costs the library more in packing than in sums. */
export function fewestPixelsOf(kind: LibraryKind): number {
  return fewestPixels[kind] ?? 200;
}

/** By which steps the time of a library's product grows: a vector along its contiguous axis, some rows across. For predictions. */
export function productTileOn(processor: Processor | undefined): Tile {
  return { mr: 8, nr: processor?.avx512 ? 16 : processor?.avx2 ? 8 : 4 };
}
