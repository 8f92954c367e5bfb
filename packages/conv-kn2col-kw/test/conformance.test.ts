import { jsGemm } from "@leanconv/gemm-js";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { inLowStrips, testConvAlgorithm } from "@leanconv/testing";
import { kn2colKw } from "../src/index.ts";

testConvAlgorithm({
  algorithm: inLowStrips(kn2colKw),
  providers: [jsGemm, wasmGemm],
  layouts: ["nhwc"],
  refuses: ["unsupported.layout", "unsupported.padding", "unsupported.shared-input", "unsupported.strides"],
});
