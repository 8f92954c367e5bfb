import { referenceGemm } from "@leanconv/gemm";
import { jsGemm } from "@leanconv/gemm-js";
import { testConvAlgorithm } from "@leanconv/testing";
import { implicitGemm } from "../src/index.ts";

testConvAlgorithm({
  algorithm: implicitGemm,
  providers: [referenceGemm, jsGemm],
  layouts: ["nchw", "nhwc"],
  refuses: [],
});
