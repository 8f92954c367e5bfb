import { jsGemm } from "@leanconv/gemm-js";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { inLowStrips, testConvAlgorithm } from "@leanconv/testing";
import { kn2rowAa } from "../src/index.ts";

testConvAlgorithm({
  algorithm: inLowStrips(kn2rowAa),
  providers: [jsGemm, wasmGemm],
  layouts: ["nchw"],
  refuses: ["unsupported.layout", "unsupported.padding", "unsupported.shared-input", "unsupported.strides"],
});
