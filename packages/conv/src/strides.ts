import type { ImageStrides } from "@leanconv/tensor";

/** Lowest offset and one past the highest of an image tensor with these strides, from its origin. */
export function strideExtent(
  s: ImageStrides,
  n: number,
  c: number,
  h: number,
  w: number,
): readonly [low: number, high: number] {
  let low = 0;
  let high = 0;
  for (const reach of [(n - 1) * s.n, (c - 1) * s.c, (h - 1) * s.h, (w - 1) * s.w]) {
    if (reach < 0) low += reach;
    else high += reach;
  }
  return [low, high + 1];
}
