import type { Accuracy, CheckedGraph, ConvAlgorithm, NetworkGraph } from "@leanconv/conv";
import type { GemmProvider } from "@leanconv/gemm";
import type { CostModel } from "../cost/cost-model.ts";
import { type Candidate, isRated, planVersion, type RatedCandidate } from "../plan.ts";
import { plannedProvider } from "../planned-provider.ts";
import type { Found } from "../select/search.ts";
import { formatSeconds } from "../units.ts";
import { arrange } from "./arrange.ts";
import type { NetworkSelection } from "./build-selection.ts";
import { beats } from "./fastest-first.ts";
import type { NetworkPlan, PlannedNode } from "./network-plan.ts";
import { networkPlanFromData } from "./network-plan-from-data.ts";

export interface PlanContext {
  readonly provider: GemmProvider;
  readonly algorithms: readonly ConvAlgorithm[];
  readonly model: CostModel;
  readonly threads: number;
  readonly accuracy: Accuracy;
}

export interface ToFinish {
  readonly graph: NetworkGraph;
  readonly checked: CheckedGraph;
  readonly selected: NetworkSelection;
  readonly found: Found;
  readonly budgetBytes: number;
  /** Where there is a limit. */
  readonly savedByOneMoreMiB?: number;
  readonly context: PlanContext;
}

/** The plan behind an answer of the search. */
export function finishPlan(given: ToFinish): NetworkPlan {
  const { graph, checked, selected, found, budgetBytes, savedByOneMoreMiB, context } = given;
  const { candidates } = selected;
  const { total, optimal, boundSeconds } = found;
  const { provider, model, threads, accuracy } = context;
  const { nodes, moves, steps, buffers, memory } = arrange(checked, selected, found, context);
  const withReason = (node: PlannedNode): PlannedNode => {
    const { chosen, candidates: key } = node;
    if (chosen === undefined || key === undefined) return node;
    return { ...node, chosen: { ...chosen, status: "chosen", reason: whyChosen(chosen, candidates.get(key)) } };
  };
  return networkPlanFromData({
    ...{ version: planVersion, kind: "network", provider: plannedProvider(provider), threads },
    ...(budgetBytes !== Number.POSITIVE_INFINITY && { budgetBytes }),
    ...{ accuracy, model: model.name, graph, nodes: nodes.map(withReason), moves, steps },
    candidates: Object.fromEntries([...candidates].map(([key, list]) => [key, list.map(explained(list))])),
    ...{ buffers, memory, seconds: total.seconds, optimal, boundSeconds },
    ...(savedByOneMoreMiB !== undefined && { savedByOneMoreMiB }),
  });
}

/** The list begins with the fastest of all layouts. */
function whyChosen({ seconds }: RatedCandidate, [fastest]: readonly Candidate[] = []): string {
  if (fastest === undefined || !isRated(fastest) || fastest.seconds >= seconds) return "the fastest of all layouts";
  const later = formatSeconds(seconds - fastest.seconds);
  return `${later} slower than the fastest alone, less in time or bytes for the whole`;
}

/** Why a candidate is not worth considering, where another of its layouts needs no more of anything. */
function explained(list: readonly Candidate[]): (candidate: Candidate, at: number) => Candidate {
  return (candidate, at) => {
    if (!("seconds" in candidate) || candidate.reason !== "") return candidate;
    const better = list.slice(0, at).find((other) => "seconds" in other && beats(other, candidate));
    if (better === undefined) return { ...candidate, reason: "worth its memory in some budget" };
    return { ...candidate, reason: `${better.algorithm} ${better.variant.form} is no slower and needs no more` };
  };
}
