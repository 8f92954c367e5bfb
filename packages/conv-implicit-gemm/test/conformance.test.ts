import { referenceGemm } from "@leanconv/gemm";
import { jsGemm } from "@leanconv/gemm-js";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { testConvAlgorithm } from "@leanconv/testing";
import { implicitGemm } from "../src/index.ts";

testConvAlgorithm({
  algorithm: implicitGemm,
  providers: [referenceGemm, jsGemm, wasmGemm],
  layouts: ["nchw", "nhwc"],
  refuses: [],
});
