export { type WasmFeatures, wasmFeatures } from "./engine/features.ts";
export { type WasmGemmOptions, wasmGemm } from "./wasm-gemm.ts";
