export { gemmPlanes } from "./gemm-planes";
export { gemmPixels } from "./gemm-pixels";
export { copy, elementwise } from "./movers";
export { depthwisePlanes, depthwisePixels } from "./depthwise";
export { probeFma, peak } from "./probe";
