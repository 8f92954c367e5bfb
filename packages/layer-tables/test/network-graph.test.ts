import { type ConvNode, checkGraph, inputsOf } from "@leanconv/conv";
import { isConvError } from "@leanconv/core";
import { describe, expect, test } from "vitest";
import { network, networkGraph, networkGraphNames, parseGraph } from "../src/index.ts";

// What comes out at the end, the sums and concatenations, and all nodes.
const ends: readonly (readonly [string, readonly number[], number, number])[] = [
  ["alexnet", [1, 256, 6, 6], 0, 11],
  ["alexnet_ungrouped", [1, 256, 6, 6], 0, 11],
  ["vgg16", [1, 512, 7, 7], 0, 19],
  ["googlenet", [1, 1024, 1, 1], 9, 83],
  ["resnet50", [1, 2048, 1, 1], 16, 72],
  ["mobilenet_v2", [1, 1280, 1, 1], 10, 64],
  ["squeezenet1_1", [1, 1000, 1, 1], 8, 39],
];

test("every network but the mixed list has a graph", () => {
  expect(networkGraphNames).toEqual(ends.map(([name]) => name));
});

describe.each(ends)("%s", (name, shape, joins, size) => {
  const graph = networkGraph(name);
  const { nodes, shapes, kept } = checkGraph(graph);

  test("all shapes fit, from the image to what the classifier reads", () => {
    expect(nodes[0]).toMatchObject({ kind: "input", name: "data" });
    expect(kept.map((one, at) => (one ? shapes[at] : [])).filter(({ length }) => length > 0)).toEqual([shape]);
    expect(nodes.filter(({ kind }) => kind === "add" || kind === "concat")).toHaveLength(joins);
    expect(nodes).toHaveLength(size);
  });

  test("its convolutions are those of the list, each once", () => {
    const convolutions = nodes.filter((node): node is ConvNode => node.kind === "conv");
    const sorted = (layers: readonly { name: string }[]) => [...layers].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(sorted(convolutions.map(({ name, problem }) => ({ name, problem })))).toEqual(sorted(network(name)));
  });

  test("every tensor but the last is read", () => {
    const read = new Set(nodes.flatMap(inputsOf));
    expect(nodes.filter(({ name }) => !read.has(name))).toHaveLength(1);
  });

  test("overrides reach the graph", () => {
    const [input] = checkGraph(networkGraph(name, { batch: 2 })).shapes;
    expect(input[0]).toBe(2);
  });
});

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isConvError(error)) return error.code;
    throw error;
  }
  return "none";
}

test("a graph is read from JSON, with problems as strings or options", () => {
  const nodes = [
    { kind: "input", name: "x", shape: [1, 3, 8, 8] },
    { kind: "conv", name: "a", inputs: ["x"], problem: "ic3ih8oc4kh3" },
    {
      kind: "conv",
      name: "b",
      inputs: ["a"],
      problem: { inputChannels: 4, outputChannels: 2, input: [6, 6], kernel: [1, 1] },
    },
  ];
  const graph = parseGraph(JSON.stringify({ nodes, outputs: ["a", "b"] }));
  expect(checkGraph(graph).shapes.at(-1)).toEqual([1, 2, 6, 6]);
  expect(graph.outputs).toEqual(["a", "b"]);
  expect(codeOf(() => parseGraph("{"))).toBe("argument.format");
  expect(codeOf(() => parseGraph([]))).toBe("argument.format");
  expect(codeOf(() => parseGraph({ nodes, outputs: "b" }))).toBe("argument.format");
  expect(codeOf(() => parseGraph({ nodes, outputs: ["c"] }))).toBe("argument.name");
  expect(codeOf(() => parseGraph({ nodes: nodes.slice(1) }))).toBe("argument.name");
  const wrong = [nodes[0], { ...nodes[1], problem: "ic3ih9oc4kh3" }];
  expect(codeOf(() => parseGraph({ nodes: wrong }))).toBe("argument.shape");
  expect(codeOf(() => parseGraph({ nodes: [nodes[0], { ...nodes[1], problem: "kernel" }] }))).toBe("argument.format");
  expect(codeOf(() => networkGraph("mec"))).toBe("argument.name");
});
