import type { ConvAlgorithm, ConvProblem, ConvProgram, Variant, Views } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";

/** What of a layer's plan its program is rebuilt from. Every `LayerPlan` is one; a choice made by hand may say less. */
export interface PlannedChoice {
  readonly problem: ConvProblem;
  /** Identity of the provider it was planned for. */
  readonly provider?: string;
  readonly threads?: number;
  readonly chosen: { readonly algorithm: string; readonly variant: Variant; readonly workspaceBytes?: number };
}

/**
 * Makes the program a plan chose, which is the very one whose requirements it holds. Pure.
 * @throws `argument.name` where the algorithm is not in the list; the codes of `ConvAlgorithm.program`
 */
export function chosenProgram(
  { problem, chosen }: PlannedChoice,
  algorithms: readonly ConvAlgorithm[],
  provider: GemmProvider,
  views?: Views,
): ConvProgram {
  const algorithm = algorithms.find(({ name }) => name === chosen.algorithm);
  if (algorithm === undefined) {
    throw convError("argument.name", {
      where: "chosenProgram",
      what: "the plan's algorithm is not in the list",
      got: chosen.algorithm,
      wanted: algorithms.map(({ name }) => name).join(", "),
    });
  }
  return algorithm.program(problem, chosen.variant, provider, views);
}
