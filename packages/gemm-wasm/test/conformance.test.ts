import { testGemmProvider } from "@leanconv/testing";
import { wasmGemm } from "../src/index.ts";

testGemmProvider({ name: "relaxed", open: () => wasmGemm({ variant: "relaxed" }), refuses: [] });
testGemmProvider({ name: "simd", open: () => wasmGemm({ variant: "simd" }), refuses: [] });
testGemmProvider({
  name: "relaxed 3x12",
  open: () => wasmGemm({ variant: "relaxed", tile: { mr: 3, nr: 12 } }),
  refuses: [],
  runs: 60,
});
testGemmProvider({ name: "revectorized", open: () => wasmGemm({ variant: "revectorized" }), refuses: [], runs: 60 });
