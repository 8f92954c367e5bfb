import { convError } from "@leanconv/core";
import { extentOf, type StridedView } from "./view.ts";

/**
 * Whether the ranges of memory that two views reach have a byte in common. Two views can interleave without sharing an
 * element (the channels of one nhwc image); their ranges overlap all the same. Allocates two pairs.
 */
export function rangesOverlap(a: StridedView, b: StridedView): boolean {
  if (a.data.buffer !== b.data.buffer) return false;
  const [aLow, aHigh] = extentOf(a);
  const [bLow, bHigh] = extentOf(b);
  if (aLow === aHigh || bLow === bHigh) return false;
  // In bytes, as the two arrays may start anywhere in the buffer.
  const aStart = a.data.byteOffset;
  const bStart = b.data.byteOffset;
  return aStart + 4 * aLow < bStart + 4 * bHigh && bStart + 4 * bLow < aStart + 4 * aHigh;
}

/** Whether two views of one shape show the same elements at the same places. Allocates nothing. */
export function isSameView(a: StridedView, b: StridedView): boolean {
  return (
    a.data.buffer === b.data.buffer &&
    a.data.byteOffset + 4 * a.offset === b.data.byteOffset + 4 * b.offset &&
    a.shape.every((extent, axis) => extent === b.shape[axis] && (extent === 1 || a.stride[axis] === b.stride[axis]))
  );
}

/**
 * Refuses a view in which two indices can share an element: written through, one value would be lost. From the
 * innermost axis outwards each stride must step over all that lies below it, which every crop, flip and permutation of
 * a dense tensor does.
 * @throws `argument.strides`
 */
export function assertWritable(view: StridedView, where: string): void {
  const axes = view.shape
    .map((extent, axis) => ({ extent, stride: Math.abs(view.stride[axis]) }))
    .filter(({ extent }) => extent > 1)
    .sort((a, b) => a.stride - b.stride);
  let reach = 0;
  for (const { extent, stride } of axes) {
    if (stride <= reach) {
      throw convError("argument.strides", {
        where,
        what: "two elements of the target would share a place",
        got: `shape [${[...view.shape]}] with strides [${[...view.stride]}]`,
        fix: "write into a view whose axes do not overlap or interleave",
      });
    }
    reach += (extent - 1) * stride;
  }
}
