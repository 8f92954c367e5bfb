export type { ConvAlgorithm, ConvProgram, Offer, Variant, VariantContext, Views } from "./algorithm.ts";
export { type BoundConv, bindConv2d, type ConvBinding } from "./bind.ts";
export * from "./describe.ts";
export { type Accuracy, accuracies, directSums, type ErrorClass, isAccurate } from "./error-class.ts";
export {
  activateOutput,
  channelVectors,
  epilogue,
  type Frame,
  fillBias,
  finishProgram,
  outputTarget,
  startProgram,
  unknownForm,
} from "./frame.ts";
export { type CheckedGraph, checkGraph } from "./graph/check-graph.ts";
export { computeNode } from "./graph/compute-node.ts";
export { chainOfLayers, graphOfLayers } from "./graph/from-layers.ts";
export {
  type ActivationNode,
  type AddNode,
  type ConcatNode,
  type ConvNode,
  type CustomNode,
  type GraphNode,
  type ImageShape,
  type InputNode,
  inputsOf,
  type NetworkGraph,
  type NormNode,
  type PoolNode,
} from "./graph/graph.ts";
export type { ConvProblem } from "./problem.ts";
export * from "./problem-string.ts";
export { type Requirements, requirements } from "./requirements.ts";
export { strideExtent } from "./strides.ts";
export * from "./taps.ts";
export {
  type ConvConstants,
  type FilterAxis,
  type PreparedWeights,
  packDescriptor,
  packedBytes,
  prepareWeights,
  tapMajor,
  type WeightOrder,
  weightsKey,
} from "./weights.ts";
