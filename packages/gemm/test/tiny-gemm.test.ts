import { testGemmProvider } from "@leanconv/testing";
import { tinyGemm } from "./tiny-gemm.ts";

testGemmProvider({ open: tinyGemm, refuses: [] });
