import { convError } from "@leanconv/core";

/**
 * Element `[i, j, ...]` is `data[offset + i * stride[0] + j * stride[1] + ...]`. Strides and offset are in elements;
 * strides may be negative (flipped) or 0 (repeated).
 *
 * Nothing but these four fields is ever read: an `ndarray` over a Float32Array is a view as it stands, and so is a
 * plain object.
 */
export interface StridedView {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** More axes than any tensor here needs; loops over views are written for at most these. */
export const maxRank = 6;

/** Number of elements a view shows. Allocates nothing. */
export function sizeOf(view: StridedView): number {
  let size = 1;
  for (const extent of view.shape) size *= extent;
  return size;
}

/**
 * The elements of `data` that a view can reach, as [low, high): `high` is one past the last. Empty views reach nothing.
 * Allocates the pair.
 */
export function extentOf(view: StridedView): readonly [low: number, high: number] {
  let low = view.offset;
  let high = view.offset;
  for (let axis = 0; axis < view.shape.length; axis++) {
    if (view.shape[axis] === 0) return [view.offset, view.offset];
    const reach = (view.shape[axis] - 1) * view.stride[axis];
    if (reach < 0) low += reach;
    else high += reach;
  }
  return [low, high + 1];
}

/**
 * Checks that a view is one: a Float32Array, one whole stride per axis, one to six axes (or exactly `rank`), and data
 * that covers everything the view reaches. Views are not checked when they are made elsewhere, so every function that
 * reads through one calls this first.
 * @throws `argument.dtype`, `argument.rank`, `argument.shape` (also where the data is too short), `argument.strides`,
 * `argument.range` (offset), `argument.overflow`, `state.detached`
 */
export function assertView(view: StridedView, where: string, rank?: number): void {
  const { data, shape, stride, offset } = view;
  // By tag and not by class: arrays of another realm (a frame, a test runner's context) are as good.
  const type = Object.prototype.toString.call(data).slice(8, -1);
  if (type !== "Float32Array") {
    throw convError("argument.dtype", {
      where,
      what: "the data is of another type",
      got: type,
      wanted: "Float32Array",
    });
  }
  if (shape.length !== stride.length || (rank === undefined ? !isRank(shape.length) : shape.length !== rank)) {
    throw convError("argument.rank", {
      where,
      what: "the wrong number of axes, or strides for other axes",
      got: `shape [${[...shape]}] with strides [${[...stride]}]`,
      wanted: rank === undefined ? `1 to ${maxRank} axes` : `${rank} axes`,
    });
  }
  for (let axis = 0; axis < shape.length; axis++) {
    if (!Number.isSafeInteger(shape[axis]) || shape[axis] < 0) {
      throw convError("argument.shape", { where, what: "a size that is not a whole number", got: [...shape] });
    }
    if (!Number.isSafeInteger(stride[axis])) {
      throw convError("argument.strides", { where, what: "a stride that is not a whole number", got: [...stride] });
    }
  }
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw convError("argument.range", {
      where,
      what: "an offset that is not a whole number of at least 0",
      got: offset,
    });
  }
  assertCovered(view, where);
}

function isRank(rank: number): boolean {
  return rank >= 1 && rank <= maxRank;
}

function assertCovered(view: StridedView, where: string): void {
  const [low, high] = extentOf(view);
  if (low === high) return;
  // A memory that grows or is transferred leaves views of length 0 behind; say that rather than "too short".
  const buffer = view.data.buffer as { readonly detached?: boolean };
  if (buffer.detached === true) {
    throw convError("state.detached", {
      where,
      what: "the memory under the view was transferred or grown",
      fix: "make the view again over the new buffer",
    });
  }
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) {
    throw convError("argument.overflow", { where, what: "the view leaves the exact integers", got: [...view.shape] });
  }
  if (low < 0 || high > view.data.length) {
    throw convError("argument.shape", {
      where,
      what: "the view reaches outside of its data",
      got: `elements ${low} to ${high - 1} of ${view.data.length}`,
      fix: "check shape, strides and offset; they are in elements",
      details: { low, high, elements: view.data.length },
    });
  }
}
