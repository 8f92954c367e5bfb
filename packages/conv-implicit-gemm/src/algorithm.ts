import { type ConvAlgorithm, directSums } from "@leanconv/conv";
import { implicitGemmProgram } from "./program.ts";
import { implicitGemmVariants } from "./variants.ts";

/**
 * Implicit GEMM: the patch matrix is never built. One product per image reads it through the provider's patch operand:
 * packing panels on the fly where channels are planes (CONVGEMM, San Juan et al., SBAC-PAD 2020), pixel pointers where
 * they are innermost (Dukhan, arXiv:1907.02129). Depthwise is its batched case. No slots; any geometry, both layouts.
 */
export const implicitGemm: ConvAlgorithm = {
  name: "implicit-gemm",
  errorClass: directSums,
  variants: implicitGemmVariants,
  program: (problem, variant, provider, views) => implicitGemmProgram(implicitGemm, problem, variant, provider, views),
};
