import { readFileSync } from "node:fs";
import { testGemmProvider } from "@leanconv/testing";
import { wasmGemm } from "../src/index.ts";

const file = (name: string) => new WebAssembly.Module(readFileSync(new URL(`../../wasm-kernels/wasm/${name}.wasm`, import.meta.url)));

testGemmProvider({ name: "relaxed", open: () => wasmGemm({ module: file("relaxed"), tile: { mr: 6, nr: 8 } }), refuses: [] });
testGemmProvider({ name: "simd", open: () => wasmGemm({ module: file("simd"), tile: { mr: 4, nr: 8 } }), refuses: [] });
