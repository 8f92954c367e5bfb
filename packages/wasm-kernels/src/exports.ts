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
