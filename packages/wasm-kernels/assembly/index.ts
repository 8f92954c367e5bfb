export { gemmPlanes } from "./gemm-planes";
export { gemmPixels } from "./gemm-pixels";
export { copy, elementwise } from "./movers";
export { depthwisePlanes, depthwisePixels } from "./depthwise";
export { probeFma, peak, peakChains12, peakChains24 } from "./probe";
