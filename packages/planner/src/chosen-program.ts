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
  return plannedAlgorithm(chosen.algorithm, algorithms, "chosenProgram").program(
    problem,
    chosen.variant,
    provider,
    views,
  );
}

/** @throws `argument.name` where it is not in the list */
export function plannedAlgorithm(wanted: string, algorithms: readonly ConvAlgorithm[], where: string): ConvAlgorithm {
  const algorithm = algorithms.find(({ name }) => name === wanted);
  if (algorithm) return algorithm;
  throw convError("argument.name", {
    where,
    what: "the plan's algorithm is not in the list",
    got: wanted,
    wanted: algorithms.map(({ name }) => name).join(", "),
  });
}
