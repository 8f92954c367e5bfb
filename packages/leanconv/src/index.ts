// The public API of LeanConv in one place, listed by hand: what is not here is not promised.

export {
  allAlgorithms,
  fullIm2colElements,
  im2col,
  implicitGemm,
  kn2colKw,
  kn2row,
  kn2rowAa,
  kn2rowAs,
  mec,
  winogradF2,
  winogradF4,
} from "@leanconv/algorithms";
export {
  type Accuracy,
  type ActivationOption,
  accuracies,
  type BoundConv,
  bindConv2d,
  type Conv2dOptions,
  type ConvAlgorithm,
  type ConvBinding,
  type ConvConstants,
  type ConvProblem,
  type ConvProgram,
  describeConv2d,
  describeFromShapes,
  directSums,
  type ErrorClass,
  formatProblem,
  type Offer,
  onnxPadding,
  type PreparedWeights,
  packedBytes,
  parseProblem,
  prepareWeights,
  type Requirements,
  requirements,
  type Variant,
  type VariantContext,
} from "@leanconv/conv";
export { directAt, directConv2d, errorBound } from "@leanconv/conv-direct";
export {
  type ConvError,
  convError,
  type ErrorCode,
  type ErrorParts,
  errorCodes,
  Heap,
  heapBytes,
  isConvError,
  type Refusal,
  type Region,
} from "@leanconv/core";
export {
  type Activation,
  type Capabilities,
  defineProvider,
  firstAvailable,
  type GemmProvider,
  type RunAsyncOptions,
  referenceGemm,
  type ThreadStatus,
} from "@leanconv/gemm";
export { type JsGemmOptions, jsGemm } from "@leanconv/gemm-js";
export { type WasmFeatures, type WasmGemmOptions, wasmFeatures, wasmGemm } from "@leanconv/gemm-wasm";
export { type Layer, type NamedLayers, network, networkNames, parseLayerTable } from "@leanconv/layer-tables";
export {
  type Budget,
  type Candidate,
  type CostModel,
  chosenProgram,
  defaultCostModel,
  formatBytes,
  formatSeconds,
  formatVariant,
  isRated,
  type LayerPlan,
  linearCostModel,
  type NamedProblem,
  type Plan,
  type PlanData,
  type PlannedChoice,
  type PlanOptions,
  planFromData,
  planLayers,
} from "@leanconv/planner";
export {
  allocateTensor,
  crop,
  cropImage,
  type FilterLayout,
  filterView,
  flip,
  type ImageLayout,
  imageView,
  logicalShape,
  maxAbsoluteDifference,
  permute,
  physicalShape,
  reorder,
  type StridedView,
  stage,
  toLayout,
} from "@leanconv/tensor";
export { type Conv2dCallOptions, conv2d, type DenseTensor } from "./conv2d.ts";
export { type LayerOptions, type OpenLayer, openLayer } from "./layer-runner.ts";
export { pickAlgorithms } from "./pick-algorithms.ts";
export type { TensorLike, VectorLike } from "./tensor-like.ts";
