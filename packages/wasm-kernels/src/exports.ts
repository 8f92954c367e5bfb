/** What a kernel file exports. Addresses, distances and offsets are bytes of the memory it was instantiated with. */
export interface KernelExports {
  gemmPlanes: GemmFunction;
  gemmPixels: GemmFunction;
  depthwisePlanes: GemmFunction;
  depthwisePixels: GemmFunction;
  copy(
    table: number,
    source: number,
    target: number,
    rowBegin: number,
    rowEnd: number,
    part: number,
    parts: number,
  ): void;
  /** 0 add, 1 fill with the table's value, 2 fill with values, 3 activate. */
  elementwise(
    table: number,
    operation: number,
    target: number,
    other: number,
    rowBegin: number,
    rowEnd: number,
    part: number,
    parts: number,
  ): void;
  /**
   * Scatters a piece of a filter into panels, or along plain strides. The block has the width and the bytes of a panel,
   * then three axes, the innermost last: extent, step in the source, step in the target, step in columns.
   */
  pack(block: number, from: number, to: number, column: number): void;
  activateSpan(fields: number, at: number, step: number, count: number, slopes: number, slopeStep: number): void;
  probeFma(): number;
  peak(a: number, b: number, depth: number, c: number, times: number): void;
  peakChains12(c: number, rounds: number): void;
  peakChains24(c: number, rounds: number): void;
}

/** What a file of tile transforms exports. */
export interface TransformExports {
  transform(
    table: number,
    source: number,
    target: number,
    bias: number,
    slopes: number,
    rowBegin: number,
    rowEnd: number,
    scratch: number,
    part: number,
    parts: number,
  ): void;
  /** Filters to points in place, over matrices of `size` bytes; `scratch` has 864 bytes. */
  transformFilters(tile: number, base: number, size: number, scratch: number): void;
}

/** What the file of strips exports. */
export interface StripExports {
  /** C := activation(C + bias) over a block of C; `words` are those of an activation, a bias at 0 is absent. */
  finish(
    words: number,
    c: number,
    bias: number,
    slopes: number,
    channels: number,
    pixels: number,
    cM: number,
    cCol: number,
  ): void;
  /** Pixels with their neighbours as rows of a matrix; see `assembly/lower.ts`. */
  lower(
    image: number,
    target: number,
    targetStep: number,
    rows: number,
    cols: number,
    depth: number,
    y: number,
    sh: number,
    ih: number,
    lineStep: number,
    first: number,
    step: number,
    lineBytes: number,
  ): void;
}

export type GemmFunction = (
  table: number,
  a: number,
  b: number,
  c: number,
  bias: number,
  slopes: number,
  rowBegin: number,
  rowEnd: number,
  scratch: number,
  part: number,
  parts: number,
) => void;

/** What every kernel file must export to be one. */
export const kernelExportNames: readonly (keyof KernelExports)[] = [
  ...(["gemmPlanes", "gemmPixels", "depthwisePlanes", "depthwisePixels"] as const),
  ...(["copy", "elementwise", "pack", "activateSpan", "probeFma", "peak"] as const),
];

export const transformExportNames: readonly (keyof TransformExports)[] = ["transform", "transformFilters"];

export const stripExportNames: readonly (keyof StripExports)[] = ["finish", "lower"];
