import { type ConvAlgorithm, directSums } from "@leanconv/conv";
import { im2colProgram } from "./program.ts";
import { im2colVariants } from "./variants.ts";

/**
 * im2col (channel planes) and im2row (channels innermost): the patch matrix is built, whole or a strip of output rows
 * at a time, and multiplied by the weights. Any geometry, both layouts. Strips are the published p-im2col (Trusov et
 * al., IEEE Access 2021).
 */
export const im2col: ConvAlgorithm = {
  name: "im2col",
  errorClass: directSums,
  variants: im2colVariants,
  program: (problem, variant, provider, views) => im2colProgram(im2col, problem, variant, provider, views),
};
