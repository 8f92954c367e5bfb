import { convError } from "@leanconv/core";
import type { ConvProblem } from "../problem.ts";
import { formatProblem } from "../problem-string.ts";
import type { GraphNode, NetworkGraph } from "./graph.ts";

interface NamedProblem {
  readonly name: string;
  readonly problem: ConvProblem;
}

/**
 * Layers that run one after the other but do not read each other: each has an input of its own, `<name>:input`, filled
 * when its turn comes, and an output that is looked at before the next one runs.
 */
export function graphOfLayers(layers: readonly NamedProblem[]): NetworkGraph {
  const nodes = layers.flatMap(({ name, problem }): GraphNode[] => {
    const { n, ic, ih, iw } = problem;
    const input = `${name}:input`;
    return [
      { kind: "input", name: input, shape: [n, ic, ih, iw] },
      { kind: "conv", name, inputs: [input], problem },
    ];
  });
  return { nodes, outputs: [] };
}

/**
 * Layers of which each reads the one before it; the first reads `input`.
 * @throws `argument.shape` where one does not fit the next, `argument.format` for an empty list
 */
export function chainOfLayers(layers: readonly NamedProblem[]): NetworkGraph {
  const [first] = layers;
  if (first === undefined) {
    throw convError("argument.format", { where: "chainOfLayers", what: "no layer to begin with" });
  }
  const { n, ic, ih, iw } = first.problem;
  const nodes: GraphNode[] = [{ kind: "input", name: "input", shape: [n, ic, ih, iw] }];
  let before: ConvProblem | undefined;
  for (const { name, problem } of layers) {
    const { n, ic, ih, iw } = problem;
    if (before && (before.n !== n || before.oc !== ic || before.oh !== ih || before.ow !== iw)) {
      throw convError("argument.shape", {
        where: `chainOfLayers: layer ${name}`,
        what: "does not fit the layer before it",
        got: formatProblem(problem),
        wanted: `an input of [${[before.n, before.oc, before.oh, before.ow].join(", ")}]`,
        fix: "give a graph with the pools, sums and concatenations in between",
      });
    }
    nodes.push({ kind: "conv", name, inputs: [nodes[nodes.length - 1].name], problem });
    before = problem;
  }
  return { nodes };
}
