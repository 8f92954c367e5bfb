// Views as scijs ndarrays and back. The only file that imports `ndarray` and `ndarray-ops`, which generate code from
// strings (`ndarray-ops` while it is being imported): this entry needs a content-security policy that allows
// 'unsafe-eval'. The package's main entry does all the same work on plain views and needs no such permission.

/// <reference path="./ndarray-ops.d.ts" />
import { convError } from "@leanconv/core";
import ndarray, { type NdArray } from "ndarray";
import { assign } from "ndarray-ops";
import { axisOrder, type TensorLayout } from "./layout.ts";
import { assertReorder } from "./reorder.ts";
import { assertPermutation, permute } from "./slice.ts";
import { assertView, extentOf, type StridedView, sizeOf } from "./view.ts";

/**
 * The view that an ndarray is, on the same data, checked. With a layout the axes of `nd` stand in the order of memory
 * (`[n, h, w, c]` for `nhwc`) and those of the result in logical order; a single image may leave out n. Without one the
 * axes stay. Allocates the view only.
 * @throws `argument.dtype` unless the data is a Float32Array; `argument.rank`, `argument.shape`, `argument.strides`,
 * `argument.range`, `argument.layout`
 */
export function fromNdarray(nd: NdArray, layout?: TensorLayout): StridedView {
  const view = { data: nd.data as Float32Array, shape: [...nd.shape], stride: [...nd.stride], offset: nd.offset };
  assertView(view, "fromNdarray");
  if (layout === undefined) return view;
  const order = physicalOrder(view.shape.length, layout, "fromNdarray");
  const logical = permute(view, inverse(order));
  if (order.length === 4) return logical;
  return { ...logical, shape: [1, ...logical.shape], stride: [0, ...logical.stride] };
}

/**
 * The ndarray that a view is, on the same data. With a layout the axes of the result stand in the order of memory: an
 * image `[n, c, h, w]` in `nhwc` becomes `[n, h, w, c]`. Without one the axes stay. Allocates the ndarray only.
 * @throws `argument.range` past 2^31 elements, which ndarray cannot address; `argument.layout`; the codes of `assertView`
 */
export function toNdarray(view: StridedView, layout?: TensorLayout): NdArray<Float32Array> {
  assertView(view, "toNdarray", layout === undefined ? undefined : 4);
  const { data, shape, stride, offset } = layout === undefined ? view : permute(view, axisOrder(layout, "toNdarray"));
  if (extentOf(view)[1] > 2 ** 31) {
    throw convError("argument.range", { where: "toNdarray", what: "ndarray addresses 2^31 elements", got: offset });
  }
  return ndarray(data, [...shape], [...stride], offset);
}

/**
 * Copies `source` into `target` with `ndarray-ops`, from any strides to any strides; target first, as there. The same
 * result and the same refusals as `reorder`. Compiles a function on the first use of each rank and order of axes.
 * @throws the codes of `reorder`
 */
export function reorderNdarray(target: NdArray<Float32Array>, source: NdArray<Float32Array>): NdArray<Float32Array> {
  assertReorder(source, target, "reorderNdarray");
  if (sizeOf(source) > 0) assign(target, source);
  return target;
}

/**
 * The axes in another order, on the same data: axis k of the result is axis `axes[k]`. Allocates the ndarray only.
 * @throws `argument.rank` unless `axes` names every axis once (ndarray itself would repeat an axis without a word)
 */
export function transposed(nd: NdArray<Float32Array>, axes: readonly number[]): NdArray<Float32Array> {
  assertPermutation(axes, nd.shape.length, "transposed");
  return nd.transpose(...axes);
}

/**
 * A dense copy in another layout, both with their axes in the order of memory: `[h, w, c]` or `[n, h, w, c]` from `nhwc`
 * becomes `[c, h, w]` or `[n, c, h, w]` in `nchw`; filters likewise. Allocates the result, or nothing with `out`.
 * @throws `argument.layout` between an image and a filter; `argument.rank`; the codes of `reorder`
 */
export function toLayoutNdarray(
  nd: NdArray<Float32Array>,
  from: TensorLayout,
  to: TensorLayout,
  out?: NdArray<Float32Array>,
): NdArray<Float32Array> {
  assertView(nd, "toLayoutNdarray");
  const rank = nd.shape.length;
  const source = physicalOrder(rank, from, "toLayoutNdarray");
  const target = physicalOrder(rank, to, "toLayoutNdarray");
  if (isFilter(from) !== isFilter(to)) {
    throw convError("argument.layout", {
      where: "toLayoutNdarray",
      what: "an image is no filter",
      got: `${from} to ${to}`,
    });
  }
  const places = inverse(source);
  const reordered = transposed(
    nd,
    target.map((axis) => places[axis]),
  );
  return reorderNdarray(out ?? ndarray(new Float32Array(sizeOf(nd)), reordered.shape), reordered);
}

/** The logical axis at each place of an ndarray in the order of memory; three axes are an image without n. */
function physicalOrder(rank: number, layout: TensorLayout, where: string): readonly number[] {
  const order = axisOrder(layout, where);
  if (rank === 4) return order;
  if (rank === 3 && !isFilter(layout)) return order.slice(1).map((axis) => axis - 1);
  throw convError("argument.rank", { where, what: `an ndarray in ${layout}`, got: `${rank} axes`, wanted: "4 axes" });
}

function isFilter(layout: TensorLayout): boolean {
  return layout.includes("o");
}

function inverse(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}
