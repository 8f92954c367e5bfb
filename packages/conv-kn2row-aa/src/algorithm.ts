import { type ConvAlgorithm, directSums } from "@leanconv/conv";
import { kn2rowAaProgram } from "./program.ts";
import { kn2rowAaVariants } from "./variants.ts";

/**
 * kn2row-aa: every tap's GEMM accumulates straight into the output at the tap's displacement, on channel planes
 * (Anderson, Vasudevan, Keane and Gregg, arXiv:1709.03395). Builds nothing of the patch matrix.
 */
export const kn2rowAa: ConvAlgorithm = {
  name: "kn2row-aa",
  errorClass: directSums,
  variants: kn2rowAaVariants,
  program: (problem, variant, provider, views) => kn2rowAaProgram(kn2rowAa, problem, variant, provider, views),
};
