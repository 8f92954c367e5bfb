import {
  allAlgorithms,
  type ConvProblem,
  type GemmProvider,
  isTaken,
  type OfferOptions,
  offersOf,
  type PlannedChoice,
} from "leanconv";
import type { Layout } from "../networks/plan-network.ts";

/** One way to compute one layer. */
export interface LayerCandidate extends PlannedChoice {
  readonly layout: Layout;
  readonly workspaceBytes: number;
}

/** What the planner may choose in one layout under these options. Inputs may be changed and put back. */
export function layerCandidates(
  problem: ConvProblem,
  layout: Layout,
  provider: GemmProvider,
  options: Pick<OfferOptions, "accuracy" | "threads" | "workspaceBytes">,
): readonly LayerCandidate[] {
  const context = { inputLayout: layout, outputLayout: layout, exclusiveInput: true };
  return offersOf(problem, context, { ...options, algorithms: allAlgorithms, provider })
    .filter(isTaken)
    .map(({ algorithm, variant, needs }) => ({
      ...{ problem, chosen: { algorithm, variant }, layout, workspaceBytes: needs.workspaceBytes },
    }));
}
