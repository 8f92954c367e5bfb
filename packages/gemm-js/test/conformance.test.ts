import { testGemmProvider } from "@leanconv/testing";
import { jsGemm } from "../src/index.ts";

testGemmProvider({ open: () => jsGemm(), refuses: [] });
testGemmProvider({ name: "with small blocks", open: () => jsGemm({ kc: 5, nc: 8 }), refuses: [] });
