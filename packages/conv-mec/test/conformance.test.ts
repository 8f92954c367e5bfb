import { referenceGemm } from "@leanconv/gemm";
import { jsGemm } from "@leanconv/gemm-js";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { testConvAlgorithm } from "@leanconv/testing";
import { mec } from "../src/index.ts";

testConvAlgorithm({
  algorithm: mec,
  thin: 3,
  runs: 40,
  providers: [referenceGemm, jsGemm, wasmGemm],
  layouts: ["nchw", "nhwc"],
  refuses: ["unsupported.groups", "unsupported.size"],
});
