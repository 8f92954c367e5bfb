export { type WasmFeatures, wasmFeatures } from "@leanconv/wasm-kernels/provider";
export { type WasmGemmOptions, wasmGemm } from "./wasm-gemm.ts";
