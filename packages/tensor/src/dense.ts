import {
  assertLayout,
  assertShape,
  axisOrder,
  denseStrides,
  type FilterLayout,
  filterLayouts,
  type ImageLayout,
  imageLayouts,
  type TensorLayout,
} from "./layout.ts";
import { assertView, type StridedView } from "./view.ts";

/**
 * A dense image over existing data, without a copy: logical `[n, c, h, w]`, in memory as `layout` says, from element
 * `offset` on. Allocates the view only.
 * @throws `argument.rank`, `argument.shape` (also where the data is too short), `argument.layout`, `argument.dtype`,
 * `argument.range`, `argument.overflow`
 */
export function imageView(
  data: Float32Array,
  shape: readonly number[],
  layout: ImageLayout = "nchw",
  offset = 0,
): StridedView {
  assertLayout(layout, imageLayouts, "imageView");
  return denseView(data, shape, layout, offset, "imageView");
}

/**
 * A dense filter over existing data, without a copy: logical `[o, i, h, w]` with i the input channels of one group, in
 * memory as `layout` says, from element `offset` on. Allocates the view only.
 * @throws as `imageView`
 */
export function filterView(
  data: Float32Array,
  shape: readonly number[],
  layout: FilterLayout = "oihw",
  offset = 0,
): StridedView {
  assertLayout(layout, filterLayouts, "filterView");
  return denseView(data, shape, layout, offset, "filterView");
}

/**
 * Whether a view of four axes has exactly the strides of a dense tensor in `layout`. The stride of an axis of one
 * element is never used and may be anything; an empty view is dense in every layout.
 * @throws `argument.layout`
 */
export function isDense(view: StridedView, layout: TensorLayout): boolean {
  const order = axisOrder(layout, "isDense");
  if (view.shape.length !== 4 || view.stride.length !== 4) return false;
  if (view.shape.includes(0)) return true;
  let stride = 1;
  for (let place = 3; place >= 0; place--) {
    const axis = order[place];
    if (view.shape[axis] !== 1 && view.stride[axis] !== stride) return false;
    stride *= view.shape[axis];
  }
  return true;
}

/**
 * The layout in which an image view is dense, or undefined. Where both fit (one channel, or one pixel), `nchw`.
 * Allocates nothing.
 */
export function layoutOf(view: StridedView): ImageLayout | undefined {
  return imageLayouts.find((layout) => isDense(view, layout));
}

/**
 * The layout in which a filter view is dense, or undefined. Where several fit (a 1 x 1 kernel is the same in `oihw` and
 * `ohwi`), the first of `filterLayouts`. Allocates nothing.
 */
export function filterLayoutOf(view: StridedView): FilterLayout | undefined {
  return filterLayouts.find((layout) => isDense(view, layout));
}

/** A dense image or filter over existing data; the layout's name tells which. */
export function denseView(
  data: Float32Array,
  shape: readonly number[],
  layout: TensorLayout,
  offset: number,
  where: string,
): StridedView {
  const stride = denseStrides(shape, layout, where);
  const view = { data, shape: [...assertShape(shape, where)], stride, offset };
  assertView(view, where, 4);
  return view;
}
