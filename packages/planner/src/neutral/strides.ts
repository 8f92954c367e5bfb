import type { ImageShape, Variant } from "@leanconv/conv";

export type Layout = Variant["inputLayout"];

/** Both, in the order of their indices in a selection. */
export const layouts: readonly [Layout, Layout] = ["nchw", "nhwc"];

/** Strides of a tensor in elements. */
export interface Strides {
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
}

/** Of a dense tensor with `channels` channels, of which `shape` may be a part. */
export function stridesOf([, , h, w]: ImageShape, layout: Layout, channels: number): Strides {
  return layout === "nchw"
    ? { n: channels * h * w, c: h * w, h: w, w: 1 }
    : { n: channels * h * w, c: 1, h: w * channels, w: channels };
}

/** Elements of a shape. */
export function elementsOf([n, c, h, w]: ImageShape): number {
  return n * c * h * w;
}

/** Whether a dense tensor is the same bytes in both layouts. */
export function sameInBoth([, c, h, w]: ImageShape): boolean {
  return c === 1 || h * w === 1;
}
