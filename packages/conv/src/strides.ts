import type { ImageLayout } from "@leanconv/tensor";

/** Distances in elements between neighbours along the logical axes. */
export interface TensorStrides {
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
}

/** The dense strides of an image tensor of logical shape [n, c, h, w]. */
export function denseStrides(c: number, h: number, w: number, layout: ImageLayout): TensorStrides {
  return layout === "nchw" ? { n: c * h * w, c: h * w, h: w, w: 1 } : { n: c * h * w, c: 1, h: w * c, w: c };
}

/** Lowest offset and one past the highest of a tensor. */
export function strideExtent(
  s: TensorStrides,
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
