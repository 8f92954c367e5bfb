import { type ConvAlgorithm, directSums } from "@leanconv/conv";
import { kn2colKwProgram } from "./program.ts";
import { kn2colKwVariants } from "./variants.ts";

/**
 * kn2col-kw: kn2row-aa with channels innermost. The papers' catalogue has no algorithm of this name; it is the
 * accumulating one (Anderson et al., arXiv:1709.03395) mirrored, and in its window and rows forms it needs nothing.
 */
export const kn2colKw: ConvAlgorithm = {
  name: "kn2col-kw",
  errorClass: directSums,
  variants: kn2colKwVariants,
  program: (problem, variant, provider, views) => kn2colKwProgram(kn2colKw, problem, variant, provider, views),
};
