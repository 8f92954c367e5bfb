import type { ConvAlgorithm, ConvProblem, ConvProgram, Variant, Views } from "@leanconv/conv";
import { accumulateProgram } from "@leanconv/conv/accumulate";
import type { GemmProvider } from "@leanconv/gemm";

/** The accumulating program on an nhwc input. */
export function kn2colKwProgram(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  variant: Variant,
  provider: GemmProvider,
  views: Views | undefined,
): ConvProgram {
  return accumulateProgram(algorithm, "nhwc", problem, variant, provider, views);
}
