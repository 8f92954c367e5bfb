import { type ConvAlgorithm, directSums } from "@leanconv/conv";
import { kn2rowAsProgram, kn2rowProgram } from "./program.ts";
import { kn2rowAsVariants, kn2rowVariants } from "./variants.ts";

/**
 * kn2row: a K x K convolution is the sum of K * K 1x1 convolutions, moved by one displacement each (Vasudevan, Anderson
 * and Gregg, ASAP 2017). One GEMM computes all of them, then they are shifted and added. kn2col where channels are
 * innermost. Any geometry; at stride s only one product in sh * sw is used.
 */
export const kn2row: ConvAlgorithm = {
  name: "kn2row",
  errorClass: directSums,
  variants: kn2rowVariants,
  program: (problem, variant, provider, views) => kn2rowProgram(kn2row, problem, variant, provider, views),
};

/**
 * kn2row-as: the same sum one tap at a time, so that the product of a single tap is all that is stored (Anderson,
 * Vasudevan, Keane and Gregg, arXiv:1709.03395). Any geometry, both layouts.
 */
export const kn2rowAs: ConvAlgorithm = {
  name: "kn2row-as",
  errorClass: directSums,
  variants: kn2rowAsVariants,
  program: (problem, variant, provider, views) => kn2rowAsProgram(kn2rowAs, problem, variant, provider, views),
};
