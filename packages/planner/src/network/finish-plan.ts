import type { Accuracy, CheckedGraph, ConvAlgorithm, NetworkGraph } from "@leanconv/conv";
import { inputsOf } from "@leanconv/conv";
import type { GemmProvider } from "@leanconv/gemm";
import type { CostModel } from "../cost/cost-model.ts";
import { layouts } from "../neutral/strides.ts";
import { type Candidate, planVersion, type RatedCandidate } from "../plan.ts";
import { plannedProvider } from "../planned-provider.ts";
import { passageOf } from "../select/lifetimes.ts";
import type { Found } from "../select/search.ts";
import { formatSeconds } from "../units.ts";
import type { NetworkSelection } from "./build-selection.ts";
import { beats } from "./fastest-first.ts";
import { layOut } from "./lay-out.ts";
import type { NetworkPlan, PlannedMove, PlannedNode } from "./network-plan.ts";
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
  const { selection, candidates } = selected;
  const { choice, total, optimal, boundSeconds } = found;
  const { provider, algorithms, model, threads, accuracy } = context;
  const chosen = checked.nodes.map((_, node): RatedCandidate | undefined => selected.chosen[node][choice[node]]);
  const nodes = checked.nodes.map(({ name }, node): PlannedNode => {
    const { input, output, seconds } = selection.nodes[node].alternatives[choice[node]];
    const candidate = chosen[node];
    const key = selected.keys[node];
    return {
      ...{ name, inputLayout: layouts[input], outputLayout: layouts[output] },
      ...(candidate && { chosen: { ...candidate, status: "chosen" as const, reason: whyChosen(candidate) } }),
      ...(key !== undefined && { candidates: key }),
      seconds,
    };
  });
  const moves = checked.nodes.flatMap((node, place): PlannedMove[] =>
    inputsOf(node).flatMap((_, input) => {
      const { seconds, copyBytes } = passageOf(selection, choice, place, input);
      if (copyBytes === 0 && node.kind !== "concat") return [];
      const from = nodes[checked.inputs[place][input]].outputLayout;
      return [{ node: place, input, from, to: nodes[place].inputLayout, seconds }];
    }),
  );
  const laid = layOut({ nodes: checked.nodes, chosen, total, provider, algorithms });
  return networkPlanFromData({
    ...{
      version: planVersion,
      kind: "network",
      provider: plannedProvider(provider),
      threads,
    },
    ...(budgetBytes !== Number.POSITIVE_INFINITY && { budgetBytes }),
    ...{ accuracy, model: model.name, graph, nodes, moves, steps: laid.steps },
    candidates: Object.fromEntries([...candidates].map(([key, list]) => [key, list.map(explained(list))])),
    ...{ buffers: laid.buffers, memory: laid.memory },
    ...{ seconds: total.seconds, optimal, boundSeconds },
    ...(savedByOneMoreMiB !== undefined && { savedByOneMoreMiB }),
  });

  function whyChosen(candidate: RatedCandidate): string {
    const [fastest] = selectedList(candidate);
    if (fastest === undefined || fastest.seconds >= candidate.seconds) return "the fastest of all layouts";
    const later = formatSeconds(candidate.seconds - fastest.seconds);
    return `${later} slower than the fastest alone, less in time or bytes for the whole`;
  }
  function selectedList(candidate: RatedCandidate): readonly RatedCandidate[] {
    for (const list of candidates.values()) if (list.includes(candidate)) return list as readonly RatedCandidate[];
    return [];
  }
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
