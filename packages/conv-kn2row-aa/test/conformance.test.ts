import type { ConvAlgorithm } from "@leanconv/conv";
import { jsGemm } from "@leanconv/gemm-js";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { testConvAlgorithm } from "@leanconv/testing";
import { kn2rowAa } from "../src/index.ts";

/** Strips are offered where they pay, on large images; the small ones of the kit get strips of one and two rows. */
const inStrips: ConvAlgorithm = {
  ...kn2rowAa,
  variants: (problem, context) =>
    kn2rowAa
      .variants(problem, context)
      .flatMap((offer) => [
        offer,
        ...[1, 2]
          .filter((rows) => rows < problem.oh && offer.variant.parameters.rows === undefined)
          .map((rows) => ({ ...offer, variant: { ...offer.variant, parameters: { rows } } })),
      ]),
};

testConvAlgorithm({
  algorithm: inStrips,
  providers: [jsGemm, wasmGemm],
  layouts: ["nchw"],
  refuses: ["unsupported.layout", "unsupported.padding", "unsupported.shared-input", "unsupported.strides"],
});
