export { type JsGemmOptions, jsGemm } from "./js-gemm.ts";
