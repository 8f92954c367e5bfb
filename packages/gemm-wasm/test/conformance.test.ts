import { testGemmProvider } from "@leanconv/testing";
import { detectEngine, processorHasAvx2 } from "@leanconv/wasm-runtime";
import { wasmGemm } from "../src/index.ts";

testGemmProvider({ name: "relaxed", open: () => wasmGemm({ variant: "relaxed" }), refuses: [] });
testGemmProvider({ name: "simd", open: () => wasmGemm({ variant: "simd" }), refuses: [] });
testGemmProvider({
  name: "relaxed 3x12",
  open: () => wasmGemm({ variant: "relaxed", tile: { mr: 3, nr: 12 } }),
  refuses: [],
  runs: 60,
});

const { node, v8 = 0, architecture } = detectEngine();
if (node && v8 >= 13 && architecture === "x64" && processorHasAvx2() !== false) {
  testGemmProvider({ name: "revectorized", open: () => wasmGemm({ variant: "revectorized" }), refuses: [], runs: 60 });
}
