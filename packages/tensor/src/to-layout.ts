import { convError } from "@leanconv/core";
import { denseView, isDense } from "./dense.ts";
import {
  assertLayout,
  type FilterLayout,
  filterLayouts,
  type ImageLayout,
  imageLayouts,
  type TensorLayout,
} from "./layout.ts";
import { reorder } from "./reorder.ts";
import { assertView, type StridedView, sizeOf } from "./view.ts";

/**
 * A dense copy of an image `[n, c, h, w]` in `layout`: CHW to HWC and back, for every image of the batch. Always a copy,
 * even where the view is in that layout already. Allocates the result, or nothing with `out`, a dense view in `layout`.
 * @throws `argument.layout`, `argument.rank`, `argument.shape`; `argument.strides` if `out` is not dense in `layout`; the
 * codes of `reorder`
 */
export function toLayout(view: StridedView, layout: ImageLayout, out?: StridedView): StridedView {
  assertLayout(layout, imageLayouts, "toLayout");
  return convert(view, layout, out, "toLayout");
}

/**
 * A dense copy of a filter `[o, i, h, w]` in `layout`, any of the four to any other. Allocates the result, or nothing
 * with `out`, a dense view in `layout`.
 * @throws as `toLayout`
 */
export function filterToLayout(view: StridedView, layout: FilterLayout, out?: StridedView): StridedView {
  assertLayout(layout, filterLayouts, "filterToLayout");
  return convert(view, layout, out, "filterToLayout");
}

function convert(view: StridedView, layout: TensorLayout, out: StridedView | undefined, where: string): StridedView {
  assertView(view, where, 4);
  if (out !== undefined && !isDense(out, layout)) {
    throw convError("argument.strides", {
      where: `${where}, out`,
      what: `a view that is not dense in ${layout}`,
      got: `shape [${[...out.shape]}] with strides [${[...out.stride]}]`,
      fix: "use reorder() to write into other strides",
    });
  }
  const target = out ?? denseView(new Float32Array(sizeOf(view)), view.shape, layout, 0, where);
  reorder(view, target);
  return target;
}
