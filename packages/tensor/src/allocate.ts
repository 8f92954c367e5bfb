import { exactProduct, type Heap } from "@leanconv/core";
import { denseView, layoutOf } from "./dense.ts";
import { assertShape, axisOrder, type TensorLayout } from "./layout.ts";
import { reorder } from "./reorder.ts";
import { assertView, type StridedView } from "./view.ts";

/**
 * A dense tensor in a heap: logical `[n, c, h, w]` for an image layout, `[o, i, h, w]` for a filter layout. Takes
 * 4 * n * c * h * w bytes of the heap, rounded up to its alignment. The contents are what the heap held before.
 * @throws `argument.rank`, `argument.shape`, `argument.layout`, `argument.overflow`, `resource.out-of-memory`, `state.*`
 */
export function allocateTensor(
  heap: Heap,
  shape: readonly number[],
  layout: TensorLayout = "nchw",
  name = "tensor",
): StridedView {
  const where = `allocateTensor(${name})`;
  axisOrder(layout, where);
  assertShape(shape, where);
  const region = heap.allocate(exactProduct(where, 4, ...shape), name);
  return denseView(region.float32, shape, layout, 0, where);
}

/**
 * Copies an image or filter into a heap, where providers can read it. Without a layout, an image keeps the one it is
 * dense in, and anything else becomes `nchw` (for filters the same as `oihw`). Takes the
 * same bytes of the heap as `allocateTensor`.
 * @throws the codes of `allocateTensor` and `reorder`
 */
export function stage(view: StridedView, heap: Heap, layout?: TensorLayout): StridedView {
  assertView(view, "stage", 4);
  const target = allocateTensor(heap, view.shape, layout ?? layoutOf(view) ?? "nchw", "stage");
  reorder(view, target);
  return target;
}
