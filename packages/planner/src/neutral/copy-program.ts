import type { ImageShape } from "@leanconv/conv";
import { type CopyDescriptor, type Program, serial } from "@leanconv/gemm";
import { elementsOf, type Layout, stridesOf } from "./strides.ts";

/**
 * Copies a dense tensor ("input") from one layout into another ("output"), there perhaps into a part of the channels of
 * a larger one. Pure.
 */
export function copyProgram(
  shape: ImageShape,
  from: Layout,
  to: Layout,
  part: { readonly firstChannel: number; readonly channels: number } = { firstChannel: 0, channels: shape[1] },
): Program {
  const target = stridesOf(shape, to, part.channels);
  const at = part.firstChannel * target.c;
  const whole = shape[0] * part.channels * shape[2] * shape[3];
  const kernel: CopyDescriptor = { kind: "copy", dtype: "float32", ...axes(shape, from, to, part.channels) };
  return {
    operands: [
      { name: "input", access: "read", extent: [0, elementsOf(shape)] },
      { name: "output", access: "write", extent: [0, whole] },
    ],
    slots: [],
    kernels: [kernel],
    body: [serial({ kernel: 0, at: { source: { of: "input", at: 0 }, target: { of: "output", at } } })],
  };
}

/** As few axes as the layouts allow, the target's contiguous one innermost. */
function axes(
  [n, c, h, w]: ImageShape,
  from: Layout,
  to: Layout,
  channels: number,
): Pick<CopyDescriptor, "extents" | "source" | "target"> {
  const pixels = h * w;
  const strided = (...strides: number[]): CopyDescriptor["target"] => ({ kind: "strided", strides });
  if (from === to) {
    return to === "nchw"
      ? { extents: [n, c * pixels], source: [c * pixels, 1], target: strided(channels * pixels, 1) }
      : { extents: [n * pixels, c], source: [c, 1], target: strided(channels, 1) };
  }
  return to === "nhwc"
    ? { extents: [n, pixels, c], source: [c * pixels, 1, pixels], target: strided(channels * pixels, channels, 1) }
    : { extents: [n, c, pixels], source: [c * pixels, 1, c], target: strided(channels * pixels, pixels, 1) };
}
