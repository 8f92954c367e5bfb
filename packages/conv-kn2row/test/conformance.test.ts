import type { ConvAlgorithm } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { jsGemm } from "@leanconv/gemm-js";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { testConvAlgorithm } from "@leanconv/testing";
import { kn2row, kn2rowAs } from "../src/index.ts";

/** Strips are offered where they pay, on large images; the small ones of the kit get strips of one to three rows. */
const inStrips: ConvAlgorithm = {
  ...kn2rowAs,
  variants: (problem, context) =>
    kn2rowAs
      .variants(problem, context)
      .flatMap((offer) => [
        offer,
        ...[1, 2, 3]
          .filter((rows) => rows < problem.ih && offer.variant.form === "whole")
          .map((rows) => ({ variant: { ...offer.variant, form: "strip", parameters: { rows } } })),
      ]),
};

testConvAlgorithm({
  algorithm: kn2row,
  providers: [referenceGemm, jsGemm, wasmGemm],
  layouts: ["nchw", "nhwc"],
  refuses: [],
});

testConvAlgorithm({
  algorithm: inStrips,
  thin: 3,
  runs: 40,
  providers: [referenceGemm, jsGemm, wasmGemm],
  layouts: ["nchw", "nhwc"],
  refuses: ["unsupported.padding"],
});
