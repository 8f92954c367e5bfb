import { referenceGemm } from "@leanconv/gemm";
import { testGemmProvider } from "@leanconv/testing";

testGemmProvider({ name: "reference", open: referenceGemm, refuses: [] });
