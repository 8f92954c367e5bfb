import { convError } from "@leanconv/core";
import { type KernelFileName, type KernelVariant, kernelFiles } from "@leanconv/wasm-kernels";
import type { Tile } from "../tile.ts";
import type { Engine } from "./engine.ts";
import type { WasmFeatures } from "./features.ts";

export interface FileWishes {
  readonly variant: KernelVariant | "auto";
  readonly tile: Tile | undefined;
  /** Whether several threads are to compute in one memory. */
  readonly shared: boolean;
}

/**
 * The kernel file for an engine, from a table: what was fastest on it when it was measured (docs/support.md). Pure, so
 * that equal engines and wishes give equal plans.
 * @throws `unsupported.platform` if the engine lacks the instructions, `argument.range` for a tile without a file
 */
export function chooseFile(wishes: FileWishes, features: WasmFeatures, engine: Engine, where: string): KernelFileName {
  const { tile, shared } = wishes;
  const variant = wishes.variant === "auto" ? (features.relaxedSimd ? "relaxed" : "simd") : wishes.variant;
  assertInstructions(variant, features, where);
  const { mr, nr } = tile ?? bestTile(variant, engine);
  const files = (Object.keys(kernelFiles) as KernelFileName[]).filter((name) => kernelFiles[name].variant === variant);
  const fitting = files.filter((name) => kernelFiles[name].mr === mr && kernelFiles[name].nr === nr);
  // One thread computes in shared memory too, where there is no other file.
  const name =
    fitting.find((one) => kernelFiles[one].shared === shared) ?? fitting.find((one) => kernelFiles[one].shared);
  if (name !== undefined) return name;
  throw convError("argument.range", {
    where: `${where}, tile`,
    what: `no ${variant} kernels of this tile`,
    got: `${mr}x${nr}`,
    wanted: [...new Set(files.map((one) => `${kernelFiles[one].mr}x${kernelFiles[one].nr}`))].join(", "),
  });
}

function bestTile(variant: KernelVariant, { v8, node }: Engine): Tile {
  if (variant === "revectorized") return { mr: 6, nr: 16 };
  if (variant === "simd") return { mr: 4, nr: 8 };
  // Before V8 13 six rows of eight spill registers. Pages are newer than that, and other engines were not measured.
  if (node && v8 !== undefined && v8 < 13) return { mr: 3, nr: 12 };
  return { mr: 6, nr: 8 };
}

function assertInstructions(variant: KernelVariant, { simd, relaxedSimd }: WasmFeatures, where: string): void {
  const missing = simd ? (variant === "simd" || relaxedSimd ? undefined : "relaxed SIMD") : "SIMD";
  if (missing === undefined) return;
  throw convError("unsupported.platform", {
    where,
    what: `this engine has no WebAssembly ${missing}`,
    fix: missing === "SIMD" ? "use jsGemm" : 'use variant "simd"',
  });
}
