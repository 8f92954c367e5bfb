export { type JsGemmOptions, jsGemm } from "./js-gemm.ts";
export { mr, nr, tile } from "./tile.ts";
