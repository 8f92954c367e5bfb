import {
  allAlgorithms,
  type ConvProblem,
  chosenProgram,
  type GemmProvider,
  type PlannedChoice,
  requirements,
} from "leanconv";
import type { Layout } from "../networks/plan-network.ts";

/** One way to compute one layer. */
export interface LayerCandidate extends PlannedChoice {
  readonly layout: Layout;
  readonly workspaceBytes: number;
}

/** What neither an algorithm nor the provider refuses in one layout. Inputs may be changed and put back. */
export function layerCandidates(
  problem: ConvProblem,
  layout: Layout,
  provider: GemmProvider,
  threads: number,
): readonly LayerCandidate[] {
  const context = { inputLayout: layout, outputLayout: layout, threads, exclusiveInput: true };
  return allAlgorithms.flatMap((algorithm) =>
    algorithm.variants(problem, context).flatMap(({ variant, refusal }) => {
      if (refusal) return [];
      const choice = { problem, chosen: { algorithm: algorithm.name, variant } };
      const program = chosenProgram(choice, allAlgorithms, provider);
      if (program.kernels.some((kernel) => provider.refuses(kernel))) return [];
      return [{ ...choice, layout, workspaceBytes: requirements(program, provider, threads).workspaceBytes }];
    }),
  );
}
