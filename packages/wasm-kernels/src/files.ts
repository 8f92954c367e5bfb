/** How the products of a file are made: multiply and add, fused at 128 bits, or fused for V8's revectoriser. */
export type KernelVariant = "simd" | "relaxed" | "revectorized";

/** What a kernel file was generated for. */
export interface KernelFile {
  readonly variant: KernelVariant;
  /** Register tile: rows, and columns of four-lane vectors. */
  readonly mr: number;
  readonly nr: number;
  /** Whether the memory it imports is shared. */
  readonly shared: boolean;
}

/** A file of `wasm/`, without the ending. */
export type KernelFileName =
  | "simd"
  | "simd-shared"
  | "relaxed"
  | "relaxed-shared"
  | "relaxed-3x12-shared"
  | "revectorized-shared";

const simd = { variant: "simd", mr: 4, nr: 8 } as const;
const relaxed = { variant: "relaxed", mr: 6, nr: 8 } as const;

/**
 * Every shipped file. The two kinds of memory are different types to WebAssembly. What only Node uses exists for shared
 * memory alone: Node always has it, and one thread computes in it as well.
 */
export const kernelFiles: Readonly<Record<KernelFileName, KernelFile>> = {
  simd: { ...simd, shared: false },
  "simd-shared": { ...simd, shared: true },
  relaxed: { ...relaxed, shared: false },
  "relaxed-shared": { ...relaxed, shared: true },
  // V8 12 (Node 22) spills the registers of 6x8.
  "relaxed-3x12-shared": { variant: "relaxed", mr: 3, nr: 12, shared: true },
  // V8 fuses pairs of vectors; four of them fill as many registers as two do without.
  "revectorized-shared": { variant: "revectorized", mr: 6, nr: 16, shared: true },
};

/** A file of tile transforms, without the ending: one for every kind of memory, whichever kernels it is used with. */
export type TransformFileName = "transforms" | "transforms-shared";

export const transformFiles: Readonly<Record<TransformFileName, { readonly shared: boolean }>> = {
  transforms: { shared: false },
  "transforms-shared": { shared: true },
};

/** The file of what remains to be done around the products of another library. Only Node has such libraries. */
export type StripFileName = "strips-shared";

export const stripFile: StripFileName = "strips-shared";

export type WasmFileName = KernelFileName | TransformFileName | StripFileName;
