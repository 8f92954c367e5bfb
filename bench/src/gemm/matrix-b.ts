import type { GemmShape } from "./gemm-shapes.ts";

/** Where an element of B lies among the pixels; undefined in the padding. */
export function placeInB({ cols, b }: GemmShape, k: number, n: number): number | undefined {
  const row = Math.floor(n / cols);
  const col = n % cols;
  if (b.kind === "plain") return k * b.k + row * b.row + col * b.col;
  const { dy, dx } = b.taps[Math.floor(k / b.channels)];
  const y = row * b.sh + dy;
  const x = col * b.sw + dx;
  const inside = y >= 0 && y < b.ih && x >= 0 && x < b.iw;
  return inside ? (k % b.channels) * b.channel + y * b.line + x * b.col : undefined;
}

/** B as a row-major matrix, built whole. */
export function matrixB(shape: GemmShape, pixels: Float32Array): Float32Array {
  const { k, rows, cols } = shape;
  const matrix = new Float32Array(k * rows * cols);
  let to = 0;
  for (let depth = 0; depth < k; depth++) {
    for (let n = 0; n < rows * cols; n++, to++) {
      const place = placeInB(shape, depth, n);
      if (place !== undefined) matrix[to] = pixels[place];
    }
  }
  return matrix;
}
