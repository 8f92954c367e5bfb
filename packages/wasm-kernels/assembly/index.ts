export { activateSpan } from "./activation";
export { gemmPlanes } from "./gemm-planes";
export { gemmPixels } from "./gemm-pixels";
export { copy, elementwise } from "./movers";
export { pack } from "./pack";
export { depthwisePixels } from "./depthwise-pixels";
export { depthwisePlanes } from "./depthwise-planes";
export { probeFma, peak, peakChains12, peakChains24 } from "./probe";
