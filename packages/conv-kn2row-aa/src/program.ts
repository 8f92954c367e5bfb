import type { ConvAlgorithm, ConvProblem, ConvProgram, Variant, Views } from "@leanconv/conv";
import { accumulateProgram } from "@leanconv/conv/accumulate";
import type { GemmProvider } from "@leanconv/gemm";

/** The accumulating program on an nchw input. */
export function kn2rowAaProgram(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  variant: Variant,
  provider: GemmProvider,
  views: Views | undefined,
): ConvProgram {
  return accumulateProgram(algorithm, "nchw", problem, variant, provider, views);
}
