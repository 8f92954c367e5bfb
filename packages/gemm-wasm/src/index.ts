export { type WasmGemmOptions, wasmGemm } from "./wasm-gemm.ts";
