import { type ConvError, convError, type ErrorCode, exactProduct } from "@leanconv/core";
import { type Activation, normaliseActivation } from "@leanconv/gemm";
import { type GraphNode, type ImageShape, inputsOf, type NetworkGraph } from "./graph.ts";
import { poolShape } from "./pool-shape.ts";

/** A graph that was checked, with what follows from it. */
export interface CheckedGraph {
  readonly nodes: readonly GraphNode[];
  /** Of every node's tensor. */
  readonly shapes: readonly ImageShape[];
  /** Indices of the nodes that every node reads. */
  readonly inputs: readonly (readonly number[])[];
  /** Whether the caller reads a node's tensor when all has run. */
  readonly kept: readonly boolean[];
}

const kinds: readonly GraphNode["kind"][] = [
  "input",
  "conv",
  "max-pool",
  "average-pool",
  "add",
  "concat",
  "activation",
  "local-response-norm",
  "custom",
];

/**
 * Checks a graph and finds the shape of every tensor. Allocates the lists.
 * @throws `argument.format` for what is no graph or no known kind of node; `argument.name` for two nodes of one name, and
 * for inputs and outputs that are not there or come later; `argument.shape` for tensors that do not fit their reader,
 * `argument.activation`, `argument.padding`, `argument.strides`, `argument.kernel-exceeds-input` for windows, `argument.overflow`
 */
export function checkGraph(graph: NetworkGraph, where = "graph"): CheckedGraph {
  if (typeof graph !== "object" || graph === null || !Array.isArray(graph.nodes)) {
    throw fail("argument.format", where, "no graph", graph, "{ nodes, outputs? }");
  }
  const places = new Map<string, number>();
  const shapes: ImageShape[] = [];
  const inputs: number[][] = [];
  graph.nodes.forEach((node, place) => {
    const at = `${where}: nodes[${place}]`;
    if (typeof node !== "object" || node === null || typeof node.name !== "string" || node.name === "") {
      throw fail("argument.format", at, "no node with a name", node, "{ kind, name, ... }");
    }
    const named = `${where}: node ${node.name}`;
    if (!kinds.includes(node.kind)) throw fail("argument.format", named, "unknown kind", node.kind, kinds.join(", "));
    if (places.has(node.name)) throw fail("argument.name", named, "two nodes of one name", node.name);
    const read = readNames(node, named).map((name) => {
      const found = places.get(name);
      if (found !== undefined) return found;
      const later = graph.nodes.some((other) => other.name === name);
      const what = later ? "reads a node that runs later" : "reads a node that is not there";
      throw fail("argument.name", named, what, name, later ? "nodes in the order in which they run" : undefined);
    });
    if ((node.kind === "add" || node.kind === "activation") && node.activation !== undefined) {
      checkActivation(node.activation, named);
    }
    const shape = shapeOf(
      node,
      read.map((input) => shapes[input]),
      named,
    );
    exactProduct(`${named}: bytes`, ...shape, 4);
    places.set(node.name, place);
    shapes.push(shape);
    inputs.push(read);
  });
  return { nodes: graph.nodes, shapes, inputs, kept: keptNodes(graph, places, inputs, where) };
}

function readNames(node: GraphNode, where: string): readonly string[] {
  const names = inputsOf(node);
  if (!Array.isArray(names) || names.some((name) => typeof name !== "string")) {
    throw fail("argument.format", `${where}: inputs`, "no list of names", names);
  }
  const any = node.kind === "add" || node.kind === "concat" || node.kind === "custom";
  const wanted = node.kind === "input" ? 0 : 1;
  if (any ? names.length < (node.kind === "custom" ? 0 : 1) : names.length !== wanted) {
    throw fail(
      "argument.format",
      `${where}: inputs`,
      "another number of inputs",
      names.length,
      any ? "one or more" : wanted,
    );
  }
  return names;
}

function keptNodes(
  { nodes, outputs }: NetworkGraph,
  places: ReadonlyMap<string, number>,
  inputs: readonly (readonly number[])[],
  where: string,
): readonly boolean[] {
  if (outputs === undefined) {
    const read = new Set(inputs.flat());
    return nodes.map((_, node) => !read.has(node));
  }
  for (const name of outputs) {
    if (!places.has(name)) throw fail("argument.name", `${where}: outputs`, "no such node", name);
  }
  return nodes.map(({ name }) => outputs.includes(name));
}

function shapeOf(node: GraphNode, inputs: readonly ImageShape[], where: string): ImageShape {
  const [first] = inputs;
  switch (node.kind) {
    case "input":
    case "custom":
      return checkShape(node.shape, where);
    case "conv": {
      const { n, ic, ih, iw, oc, oh, ow } = node.problem;
      expectShape(first, [n, ic, ih, iw], where);
      return [n, oc, oh, ow];
    }
    case "max-pool":
    case "average-pool":
      return poolShape(node, first, where);
    case "add":
      for (const shape of inputs) expectShape(shape, first, where);
      return first;
    case "concat": {
      const [n, , h, w] = first;
      for (const shape of inputs) expectShape(shape, [n, shape[1], h, w], where);
      return [n, inputs.reduce((sum, [, c]) => sum + c, 0), h, w];
    }
    case "activation":
    case "local-response-norm":
      return first;
  }
}

/** Slopes of a PReLU would be constants, which only convolutions have. */
function checkActivation(activation: Activation, where: string): void {
  normaliseActivation(activation, where);
  if (activation.kind !== "prelu") return;
  throw fail(
    "argument.activation",
    where,
    "slopes belong to a convolution",
    "prelu",
    "an activation without constants",
  );
}

function checkShape(shape: ImageShape, where: string): ImageShape {
  const good =
    Array.isArray(shape) && shape.length === 4 && shape.every((size) => Number.isSafeInteger(size) && size > 0);
  if (!good) throw fail("argument.shape", `${where}: shape`, "not four sizes", shape, "[n, c, h, w]");
  return shape;
}

function expectShape(got: ImageShape, wanted: ImageShape, where: string): void {
  if (got.some((size, axis) => size !== wanted[axis])) {
    throw fail("argument.shape", where, "an input of another shape", [...got], [...wanted]);
  }
}

function fail(code: ErrorCode, where: string, what: string, got: unknown, wanted?: unknown): ConvError {
  return convError(code, { where, what, got, ...(wanted !== undefined && { wanted }) });
}
