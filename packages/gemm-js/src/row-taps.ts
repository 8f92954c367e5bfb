import type { PatchB } from "@leanconv/gemm";

/**
 * The taps of a one-channel patch that matter to one row of pixels: those whose line is inside of the image. Allocated
 * once, filled for every row.
 */
export class RowTaps {
  count = 0;
  /** Distance of the pixel under each tap from that of line 0 under column 0. */
  readonly distances: Int32Array;
  /** Which tap it is, counted in the weights' stride. */
  readonly weights: Int32Array;
  readonly dx: Int32Array;
  /** Pixels [low, high) of a row have all taps inside of the image in x. */
  readonly low: number;
  readonly high: number;

  readonly #patch: PatchB;
  readonly #stride: number;

  constructor(patch: PatchB, cols: number, weightStride: number) {
    const { taps, sw, iw } = patch;
    const low = Math.max(0, ...taps.map(({ dx }) => Math.ceil(-dx / sw)));
    const high = Math.min(cols, ...taps.map(({ dx }) => Math.floor((iw - 1 - dx) / sw) + 1));
    this.low = Math.min(low, cols);
    this.high = Math.max(this.low, high);
    this.distances = new Int32Array(taps.length);
    this.weights = new Int32Array(taps.length);
    this.dx = new Int32Array(taps.length);
    this.#patch = patch;
    this.#stride = weightStride;
  }

  /** Takes the taps of this row, in their order. */
  choose(row: number): void {
    const { taps, sh, ih, line, col } = this.#patch;
    let count = 0;
    for (let t = 0; t < taps.length; t++) {
      const { dy, dx } = taps[t];
      const y = row * sh + dy;
      if (y < 0 || y >= ih) continue;
      this.distances[count] = y * line + dx * col;
      this.weights[count] = t * this.#stride;
      this.dx[count] = dx;
      count++;
    }
    this.count = count;
  }
}
