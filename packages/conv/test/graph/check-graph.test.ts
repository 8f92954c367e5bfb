import { isConvError } from "@leanconv/core";
import { expect, test } from "vitest";
import { chainOfLayers, checkGraph, type GraphNode, graphOfLayers, parseProblem } from "../../src/index.ts";

const input: GraphNode = { kind: "input", name: "x", shape: [1, 4, 9, 7] };
const pool = { kind: "max-pool", name: "p", inputs: ["x"], kernel: [3, 2], strides: [2, 2] } as const;

function codeOf(nodes: readonly unknown[], outputs?: readonly string[]): string {
  try {
    checkGraph({ nodes: nodes as readonly GraphNode[], ...(outputs && { outputs }) });
  } catch (error) {
    if (isConvError(error)) return error.code;
    throw error;
  }
  return "none";
}

test("shapes follow from the nodes", () => {
  const nodes: GraphNode[] = [
    input,
    { kind: "conv", name: "c", inputs: ["x"], problem: parseProblem("ic4ih9iw7oc6kh3ph1") },
    { kind: "add", name: "s", inputs: ["c", "c"] },
    { kind: "concat", name: "j", inputs: ["s", "x", "c"] },
    { kind: "activation", name: "a", inputs: ["j"], activation: { kind: "tanh" } },
    { kind: "local-response-norm", name: "l", inputs: ["a"], size: 5, alpha: 1, beta: 1, bias: 1 },
    { ...pool, name: "p", inputs: ["l"] },
    { ...pool, name: "q", inputs: ["l"], ceil: true, padding: [1, 0, 0, 0] },
    { kind: "custom", name: "o", inputs: ["p", "q"], shape: [1, 2, 3, 4] },
  ];
  const { shapes, inputs, kept } = checkGraph({ nodes });
  expect(shapes.map((shape) => shape.slice(1).join("x"))).toEqual([
    ...["4x9x7", "6x9x7", "6x9x7", "16x9x7", "16x9x7", "16x9x7", "16x4x3", "16x5x4", "2x3x4"],
  ]);
  expect(inputs[3]).toEqual([2, 0, 1]);
  expect(kept.map((one, at) => (one ? nodes[at].name : "")).join("")).toBe("o");
  expect(checkGraph({ nodes, outputs: ["c", "o"] }).kept.filter(Boolean)).toHaveLength(2);
});

test("with ceil, a window that would start behind the image is left out", () => {
  const at = (size: number, kernel: number, stride: number, pad: number, ceil: boolean): number => {
    const padding = [pad, pad, pad, pad] as const;
    const node = { ...pool, kernel: [kernel, kernel], strides: [stride, stride], padding, ceil } as const;
    return checkGraph({ nodes: [{ kind: "input", name: "x", shape: [1, 1, size, size] }, node] }).shapes[1][2];
  };
  expect([at(112, 3, 2, 0, false), at(112, 3, 2, 0, true)]).toEqual([55, 56]);
  // (6 + 2 - 2) / 2 is whole; (5 + 2 - 2) / 2 rounds up to a window that starts at 6, right on the last of 5 + 1.
  expect([at(6, 2, 2, 1, true), at(5, 2, 2, 1, true), at(3, 1, 4, 0, true)]).toEqual([4, 3, 1]);
});

test("what is wrong is refused with its code", () => {
  expect(codeOf([input])).toBe("none");
  expect(codeOf([{ ...input, kind: "image" }])).toBe("argument.format");
  expect(codeOf([{ ...input, name: "" }])).toBe("argument.format");
  expect(codeOf([3])).toBe("argument.format");
  expect(codeOf([input, input])).toBe("argument.name");
  expect(codeOf([pool, input])).toBe("argument.name");
  expect(codeOf([input, { ...pool, inputs: ["y"] }])).toBe("argument.name");
  expect(codeOf([input, { ...pool, inputs: ["x", "x"] }])).toBe("argument.format");
  expect(codeOf([input, { ...pool, inputs: "x" }])).toBe("argument.format");
  expect(codeOf([input, { kind: "add", name: "s", inputs: [] }])).toBe("argument.format");
  expect(codeOf([input, pool], ["y"])).toBe("argument.name");
  expect(codeOf([{ ...input, shape: [1, 2, 3] }])).toBe("argument.shape");
  expect(codeOf([{ ...input, shape: [1, 2, 3, 0] }])).toBe("argument.shape");
  expect(codeOf([{ ...input, shape: [2 ** 20, 2 ** 20, 2 ** 20, 1] }])).toBe("argument.overflow");
  expect(codeOf([input, { ...pool, strides: [0, 1] }])).toBe("argument.strides");
  expect(codeOf([input, { ...pool, padding: [3, 0, 0, 0] }])).toBe("argument.padding");
  expect(codeOf([input, { ...pool, kernel: [12, 2] }])).toBe("argument.kernel-exceeds-input");
  const conv = { kind: "conv", name: "c", inputs: ["x"], problem: parseProblem("ic4ih9iw8oc6kh3ph1") };
  expect(codeOf([input, conv])).toBe("argument.shape");
  expect(codeOf([input, pool, { kind: "add", name: "s", inputs: ["x", "p"] }])).toBe("argument.shape");
  expect(codeOf([input, pool, { kind: "concat", name: "j", inputs: ["x", "p"] }])).toBe("argument.shape");
  const prelu = { kind: "activation", name: "a", inputs: ["x"], activation: { kind: "prelu" } };
  expect(codeOf([input, prelu])).toBe("argument.activation");
  expect(codeOf([input, { ...prelu, activation: { kind: "gelu" } }])).toBe("argument.activation");
  expect(() => checkGraph(null as never)).toThrow(/argument\.format/);
});

test("layers make a graph side by side, or a chain where each fits the next", () => {
  const a = { name: "a", problem: parseProblem("ic4ih9iw7oc6kh3ph1") };
  const b = { name: "b", problem: parseProblem("ic6ih9iw7oc2kh1") };
  const apart = checkGraph(graphOfLayers([b, a]));
  expect(apart.nodes.map(({ name }) => name)).toEqual(["b:input", "b", "a:input", "a"]);
  expect(apart.kept).toEqual([false, false, false, false]);
  expect(checkGraph(chainOfLayers([a, b])).inputs).toEqual([[], [0], [1]]);
  expect(() => chainOfLayers([b, a])).toThrow(/layer a.*argument\.shape/);
  expect(() => chainOfLayers([])).toThrow(/argument\.format/);
});
