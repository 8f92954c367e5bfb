import { formatProblem, type GraphNode } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import { accountOf } from "./account.ts";
import { explainCandidates, explainNetwork } from "./explain-network.ts";
import type { NetworkPlan, NetworkPlanData } from "./network-plan.ts";

/** The plan behind its plain data, which is trusted: `parsePlan` checks. */
export function networkPlanFromData(data: NetworkPlanData): NetworkPlan {
  return {
    ...data,
    account: () => accountOf(data),
    explain(layerName?: string): string {
      if (layerName === undefined) return explainNetwork(data);
      const place = data.nodes.findIndex(({ name, chosen }) => name === layerName && chosen !== undefined);
      if (place >= 0) return explainCandidates(data, place);
      throw convError("argument.name", {
        where: "plan.explain",
        what: "no such convolution",
        got: layerName,
        wanted: data.nodes.flatMap(({ name, chosen }) => (chosen ? [name] : [])).join(", "),
      });
    },
    toJSON: () => ({ ...data, graph: { ...data.graph, nodes: data.graph.nodes.map(plainNode) } }),
  };
}

/** JSON has no frozen problems, and no infinite bound of an activation: problems travel as their strings. */
function plainNode(node: GraphNode): unknown {
  return node.kind === "conv" ? { ...node, problem: formatProblem(node.problem) } : node;
}
