import type { StridedView } from "@leanconv/tensor";
import type { NormNode, PoolNode } from "./graph.ts";

/**
 * Computes a pool or a local response normalisation in plain loops, some hundred million values of windows a second:
 * no provider has kernels for them. Tensors are logical `[n, c, h, w]` in any layout and of the node's shapes. Allocates
 * nothing.
 */
export function computeNode(node: PoolNode | NormNode, input: StridedView, output: StridedView): void {
  if (node.kind === "local-response-norm") localResponseNorm(node, input, output);
  else pool(node, input, output);
}

function pool(
  { kind, kernel, strides, padding = [0, 0, 0, 0] }: PoolNode,
  input: StridedView,
  output: StridedView,
): void {
  const { data: x, offset: xo, stride: xs } = input;
  const { data: y, offset: yo, stride: ys } = output;
  const [batch, channels, ih, iw] = input.shape;
  const [, , oh, ow] = output.shape;
  const [kh, kw] = kernel;
  const mean = kind === "average-pool";
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < oh; oy++) {
      const top = oy * strides[0] - padding[0];
      const [y0, y1] = [Math.max(0, top), Math.min(ih, top + kh)];
      for (let ox = 0; ox < ow; ox++) {
        const left = ox * strides[1] - padding[2];
        const [x0, x1] = [Math.max(0, left), Math.min(iw, left + kw)];
        const [rows, cols] = [y1 - y0, x1 - x0];
        let from = xo + n * xs[0] + y0 * xs[2] + x0 * xs[3];
        let to = yo + n * ys[0] + oy * ys[2] + ox * ys[3];
        for (let c = 0; c < channels; c++, from += xs[1], to += ys[1]) {
          y[to] = mean
            ? sumOf(x, from, rows, xs[2], cols, xs[3]) / (rows * cols)
            : largestOf(x, from, rows, xs[2], cols, xs[3]);
        }
      }
    }
  }
}

// Of a window of rows and columns at these strides. Apart, since an engine compiles each for itself: in one loop for
// both, values are boxed.

function largestOf(x: Float32Array, from: number, rows: number, line: number, cols: number, col: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows; row++, from += line) {
    for (let i = 0, at = from; i < cols; i++, at += col) largest = Math.max(largest, x[at]);
  }
  return largest;
}

function sumOf(x: Float32Array, from: number, rows: number, line: number, cols: number, col: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row++, from += line) {
    for (let i = 0, at = from; i < cols; i++, at += col) sum += x[at];
  }
  return sum;
}

function localResponseNorm({ size, alpha, beta, bias }: NormNode, input: StridedView, output: StridedView): void {
  const { data: x, offset: xo, stride: xs } = input;
  const { data: y, offset: yo, stride: ys } = output;
  const [batch, channels, height, width] = input.shape;
  const before = Math.floor((size - 1) / 2);
  for (let n = 0; n < batch; n++) {
    for (let h = 0; h < height; h++) {
      for (let w = 0; w < width; w++) {
        const from = xo + n * xs[0] + h * xs[2] + w * xs[3];
        const to = yo + n * ys[0] + h * ys[2] + w * ys[3];
        for (let c = 0; c < channels; c++) {
          const last = Math.min(channels, c - before + size);
          let squares = 0;
          for (let other = Math.max(0, c - before); other < last; other++) squares += x[from + other * xs[1]] ** 2;
          y[to + c * ys[1]] = x[from + c * xs[1]] / (bias + (alpha / size) * squares) ** beta;
        }
      }
    }
  }
}
