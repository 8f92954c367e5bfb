import type { ConvAlgorithm } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { jsGemm } from "@leanconv/gemm-js";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { testConvAlgorithm } from "@leanconv/testing";
import { im2col } from "../src/index.ts";

/** The strips that are offered are cut to bytes; the small images of the kit get strips of two and three rows as well. */
const inStrips: ConvAlgorithm = {
  ...im2col,
  variants: (problem, context) => {
    const offers = im2col.variants(problem, context);
    const lower = offers.filter(({ variant }) => variant.parameters.rows === 1);
    return [
      ...offers,
      ...[2, 3]
        .filter((rows) => rows < problem.oh)
        .flatMap((rows) => lower.map(({ variant }) => ({ variant: { ...variant, parameters: { rows } } }))),
    ];
  },
};

testConvAlgorithm({
  algorithm: inStrips,
  thin: 2,
  providers: [referenceGemm, jsGemm, wasmGemm],
  layouts: ["nchw", "nhwc"],
  refuses: ["unsupported.kernel", "unsupported.padding", "unsupported.strides"],
});
