import { type CheckedGraph, type ConvAlgorithm, inputsOf } from "@leanconv/conv";
import type { GemmProvider } from "@leanconv/gemm";
import { layouts } from "../neutral/strides.ts";
import type { RatedCandidate } from "../plan.ts";
import { passageOf } from "../select/lifetimes.ts";
import type { Choice } from "../select/selection.ts";
import type { Total } from "../select/total.ts";
import type { NetworkSelection } from "./build-selection.ts";
import { type LaidOut, layOut } from "./lay-out.ts";
import type { PlannedMove, PlannedNode } from "./network-plan.ts";

/** What a choice means for a graph: what runs how, what is copied, and where everything lies. */
export interface Arrangement extends LaidOut {
  readonly nodes: readonly PlannedNode[];
  readonly moves: readonly PlannedMove[];
}

/** Everything of a plan that follows from its choice. A plan is made with it, and checked by making it again. */
export function arrange(
  { nodes, inputs }: CheckedGraph,
  { selection, chosen: candidates, keys }: NetworkSelection,
  { choice, total }: { readonly choice: Choice; readonly total: Total },
  { provider, algorithms }: { readonly provider: GemmProvider; readonly algorithms: readonly ConvAlgorithm[] },
): Arrangement {
  const chosen = nodes.map((_, node): RatedCandidate | undefined => candidates[node][choice[node]]);
  const planned = nodes.map(({ name }, node): PlannedNode => {
    const { input, output, seconds } = selection.nodes[node].alternatives[choice[node]];
    const candidate = chosen[node];
    const key = keys[node];
    return {
      ...{ name, inputLayout: layouts[input], outputLayout: layouts[output] },
      ...(candidate && { chosen: candidate }),
      ...(key !== undefined && { candidates: key }),
      seconds,
    };
  });
  const moves = nodes.flatMap((node, place): PlannedMove[] =>
    inputsOf(node).flatMap((_, input) => {
      const { seconds, copyBytes } = passageOf(selection, choice, place, input);
      if (copyBytes === 0 && node.kind !== "concat") return [];
      const from = planned[inputs[place][input]].outputLayout;
      return [{ node: place, input, from, to: planned[place].inputLayout, seconds }];
    }),
  );
  return { nodes: planned, moves, ...layOut({ nodes, chosen, total, provider, algorithms }) };
}
