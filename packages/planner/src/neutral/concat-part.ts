import type { CheckedGraph, GraphNode } from "@leanconv/conv";

/** Which channels of a concatenation an input fills. */
export interface Part {
  readonly firstChannel: number;
  readonly channels: number;
}

/** The part of every input of a concatenation; undefined for any other node. */
export function concatPart(node: GraphNode, place: number, graph: CheckedGraph): ((input: number) => Part) | undefined {
  if (node.kind !== "concat") return undefined;
  const channels = graph.shapes[place][1];
  return (input) => {
    const before = graph.inputs[place].slice(0, input);
    return { firstChannel: before.reduce((sum, from) => sum + graph.shapes[from][1], 0), channels };
  };
}
