import { computeNode, type GraphNode } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import type { StridedView } from "@leanconv/tensor";

/** Computes a node that no provider has a kernel for. Its tensors are logical `[n, c, h, w]`, all in one layout. */
export type NodeFunction = (inputs: readonly StridedView[], output: StridedView) => void;

/**
 * The caller's function for a node, else `computeNode` for pools and local response normalisation.
 * @throws `argument.name` for a custom node without a function
 */
export function nodeFunction(
  node: GraphNode,
  given: Readonly<Record<string, NodeFunction>>,
  where: string,
): NodeFunction {
  if (Object.hasOwn(given, node.name)) return given[node.name];
  switch (node.kind) {
    case "max-pool":
    case "average-pool":
    case "local-response-norm":
      return ([input], output) => computeNode(node, input, output);
    default:
      throw convError("argument.name", {
        where,
        what: `the ${node.kind} node ${node.name} has no function`,
        fix: `pass functions: { "${node.name}": (inputs, output) => ... }`,
      });
  }
}
