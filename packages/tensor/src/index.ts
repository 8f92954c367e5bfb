export { allocateTensor, stage } from "./allocate.ts";
export { maxAbsoluteDifference } from "./compare.ts";
export { filterLayoutOf, filterView, imageView, isDense, layoutOf } from "./dense.ts";
export {
  axisOrder,
  type FilterLayout,
  type FilterStrides,
  filterLayouts,
  filterStrides,
  type ImageLayout,
  type ImageStrides,
  imageLayouts,
  imageStrides,
  type LogicalShape,
  logicalShape,
  physicalShape,
  type TensorLayout,
} from "./layout.ts";
export { rangesOverlap } from "./overlap.ts";
export { reorder } from "./reorder.ts";
export { crop, cropImage, flip, type ImageRanges, permute } from "./slice.ts";
export { filterToLayout, toLayout } from "./to-layout.ts";
export { assertView, extentOf, type StridedView } from "./view.ts";
