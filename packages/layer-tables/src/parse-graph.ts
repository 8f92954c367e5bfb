import {
  type Conv2dOptions,
  checkGraph,
  describeConv2d,
  type GraphNode,
  type NetworkGraph,
  parseProblem,
} from "@leanconv/conv";
import { convError, errorWithin } from "@leanconv/core";

/**
 * Reads a graph, as JSON text or as the value it parses to: `{ nodes, outputs? }`, nodes as in `NetworkGraph` with the
 * problem of a convolution as a problem string or as options of `describeConv2d`. Checks it. Allocates the graph.
 * @throws `argument.format` for what is not of this form, the codes of `parseProblem`, `describeConv2d` and `checkGraph`
 */
export function parseGraph(json: unknown, where = "graph"): NetworkGraph {
  const value = (typeof json === "string" ? parseJson(json, where) : json) as Partial<NetworkGraph> | null;
  if (typeof value !== "object" || value === null || !Array.isArray(value.nodes)) {
    throw convError("argument.format", { where, what: "no graph", got: value, wanted: "{ nodes, outputs? }" });
  }
  const { outputs } = value;
  if (outputs !== undefined && !(Array.isArray(outputs) && outputs.every((name) => typeof name === "string"))) {
    throw convError("argument.format", { where: `${where}: outputs`, what: "no list of names", got: outputs });
  }
  const nodes = value.nodes.map((node: GraphNode, place) => withProblem(node, `${where}: nodes[${place}]`));
  const graph = { nodes, ...(outputs && { outputs }) };
  checkGraph(graph, where);
  return graph;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw convError("argument.format", { where, what: `not JSON: ${(cause as Error).message}`, cause });
  }
}

function withProblem(node: GraphNode, where: string): GraphNode {
  if (typeof node !== "object" || node === null || node.kind !== "conv") return node;
  const given: unknown = node.problem;
  try {
    const problem = typeof given === "string" ? parseProblem(given) : describeConv2d(given as Conv2dOptions);
    return { ...node, problem };
  } catch (cause) {
    throw errorWithin(`${where} (${node.name})`, cause);
  }
}
