import { convError } from "@leanconv/core";
import { assertView, type StridedView } from "./view.ts";

/** Half-open ranges [begin, end) along the logical axes of an image; an axis that is left out stays whole. */
export interface ImageRanges {
  readonly n?: readonly [begin: number, end: number];
  readonly c?: readonly [begin: number, end: number];
  readonly h?: readonly [begin: number, end: number];
  readonly w?: readonly [begin: number, end: number];
}

const imageAxes = ["n", "c", "h", "w"] as const;

/**
 * The `size` elements from `begin` on along one axis, on the same data. Allocates the view only.
 * @throws `argument.range` for an axis or a range outside of the view; the codes of `assertView`
 */
export function crop(view: StridedView, axis: number, begin: number, size: number): StridedView {
  assertView(view, "crop");
  assertAxis(view, axis, "crop");
  const whole = Number.isSafeInteger(begin) && Number.isSafeInteger(size);
  if (!whole || begin < 0 || size < 0 || begin + size > view.shape[axis]) {
    throw convError("argument.range", {
      where: `crop, axis ${axis}`,
      what: "a range outside of the view",
      got: `${size} elements from ${begin}`,
      wanted: `a part of ${view.shape[axis]} elements`,
    });
  }
  const shape = view.shape.with(axis, size);
  // An empty view keeps its place: moving it could leave the data.
  const offset = size === 0 ? view.offset : view.offset + begin * view.stride[axis];
  return { data: view.data, shape, stride: [...view.stride], offset };
}

/**
 * A window of an image `[n, c, h, w]` on the same data: `cropImage(view, { h: [2, 9], w: [0, 5] })`. Dropping the alpha
 * channel of RGBA pixels is `{ c: [0, 3] }`. Allocates views only.
 * @throws `argument.rank`, `argument.range`; the codes of `assertView`
 */
export function cropImage(view: StridedView, ranges: ImageRanges): StridedView {
  assertView(view, "cropImage", 4);
  return imageAxes.reduce((cropped, name, axis) => {
    const range = ranges[name];
    return range === undefined ? cropped : crop(cropped, axis, range[0], range[1] - range[0]);
  }, view);
}

/**
 * The same elements in reverse order along one axis, by a negative stride. Allocates the view only.
 * @throws `argument.range` for an axis outside of the view; the codes of `assertView`
 */
export function flip(view: StridedView, axis: number): StridedView {
  assertView(view, "flip");
  assertAxis(view, axis, "flip");
  const stride = view.stride.with(axis, -view.stride[axis]);
  const last = Math.max(0, view.shape[axis] - 1);
  return { data: view.data, shape: [...view.shape], stride, offset: view.offset + last * view.stride[axis] };
}

/**
 * The axes in another order, on the same data: axis k of the result is axis `axes[k]` of the view. Allocates the view
 * only.
 * @throws `argument.rank` unless `axes` names every axis once; the codes of `assertView`
 */
export function permute(view: StridedView, axes: readonly number[]): StridedView {
  assertView(view, "permute");
  assertPermutation(axes, view.shape.length, "permute");
  return {
    data: view.data,
    shape: axes.map((axis) => view.shape[axis]),
    stride: axes.map((axis) => view.stride[axis]),
    offset: view.offset,
  };
}

/** @throws `argument.rank` unless `axes` is a permutation of 0 to rank - 1 */
export function assertPermutation(axes: readonly number[], rank: number, where: string): void {
  const complete =
    axes.length === rank && Array.from({ length: rank }, (_, axis) => axis).every((a) => axes.includes(a));
  if (!complete) {
    throw convError("argument.rank", { where, what: `axes 0 to ${rank - 1}, each exactly once`, got: [...axes] });
  }
}

function assertAxis(view: StridedView, axis: number, where: string): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= view.shape.length) {
    throw convError("argument.range", { where, what: `an axis of ${view.shape.length}, counted from 0`, got: axis });
  }
}
