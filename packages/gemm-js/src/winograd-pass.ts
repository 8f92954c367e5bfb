import type { WinogradTile } from "@leanconv/gemm";

// One side of Winograd's transforms (matrices in @leanconv/gemm), line by line of a small matrix: line i of `x` begins at
// i * step and has elements `element` apart, and becomes line i of `y`.

export function inputPass(
  tile: WinogradTile,
  x: Float64Array,
  step: number,
  element: number,
  y: Float64Array,
  toStep: number,
  toElement: number,
): void {
  for (let i = 0; i < tile + 2; i++) {
    const at = i * step;
    const to = i * toStep;
    const x0 = x[at];
    const x1 = x[at + element];
    const x2 = x[at + 2 * element];
    const x3 = x[at + 3 * element];
    if (tile === 2) {
      y[to] = x0 - x2;
      y[to + toElement] = x1 + x2;
      y[to + 2 * toElement] = x2 - x1;
      y[to + 3 * toElement] = x1 - x3;
    } else {
      const x4 = x[at + 4 * element];
      const even = x4 - 4 * x2;
      const odd = x3 - 4 * x1;
      const half = x4 - x2;
      const twice = 2 * (x3 - x1);
      y[to] = 4 * x0 - 5 * x2 + x4;
      y[to + toElement] = even + odd;
      y[to + 2 * toElement] = even - odd;
      y[to + 3 * toElement] = half + twice;
      y[to + 4 * toElement] = half - twice;
      y[to + 5 * toElement] = 4 * x1 - 5 * x3 + x[at + 5 * element];
    }
  }
}

/** `lines` lines. */
export function outputPass(
  tile: WinogradTile,
  lines: number,
  x: Float64Array,
  step: number,
  element: number,
  y: Float64Array,
  toStep: number,
  toElement: number,
): void {
  for (let i = 0; i < lines; i++) {
    const at = i * step;
    const to = i * toStep;
    const x0 = x[at];
    const sum = x[at + element] + x[at + 2 * element];
    const difference = x[at + element] - x[at + 2 * element];
    const x3 = x[at + 3 * element];
    if (tile === 2) {
      y[to] = x0 + sum;
      y[to + toElement] = difference - x3;
    } else {
      const x4 = x[at + 4 * element];
      const sum2 = x3 + x4;
      const difference2 = x3 - x4;
      y[to] = x0 + sum + sum2;
      y[to + toElement] = difference + 2 * difference2;
      y[to + 2 * toElement] = sum + 4 * sum2;
      y[to + 3 * toElement] = difference + 8 * difference2 + x[at + 5 * element];
    }
  }
}
