export { type WasmFeatures, wasmFeatures } from "@leanconv/wasm-runtime";
export { type WasmGemmOptions, wasmGemm } from "./wasm-gemm.ts";
