import { im2col, implicitGemm, kn2rowAa, kn2rowAs } from "@leanconv/algorithms";
import { type NetworkGraph, parseProblem } from "@leanconv/conv";
import { isConvError } from "@leanconv/core";
import { jsGemm } from "@leanconv/gemm-js";
import { expect, test } from "vitest";
import { isRated, type LayerOverride, type NetworkOptions, planNetwork } from "../../src/index.ts";

const conv = (name: string, input: string, problem: string) =>
  ({ kind: "conv", name, inputs: [input], problem: parseProblem(problem) }) as const;

/** Two convolutions, with what takes memory and changes layouts between them. */
const graphs: Readonly<Record<string, NetworkGraph>> = {
  "a sum across": {
    nodes: [
      { kind: "input", name: "data", shape: [1, 4, 9, 7] },
      conv("first", "data", "ic4ih9iw7oc6kh3ph1+bias"),
      conv("second", "first", "ic6ih9iw7oc6kh3ph1"),
      { kind: "add", name: "sum", inputs: ["first", "second"], activation: { kind: "relu" } },
    ],
  },
  "a concatenation and a pool": {
    nodes: [
      { kind: "input", name: "data", shape: [1, 5, 8, 8] },
      conv("first", "data", "ic5ih8oc3kh1"),
      { kind: "max-pool", name: "pool", inputs: ["first"], kernel: [2, 2], strides: [2, 2] },
      conv("second", "data", "ic5ih8oc7kh3sh2ph1"),
      { kind: "concat", name: "both", inputs: ["pool", "second"] },
    ],
  },
};

const algorithms = [im2col, implicitGemm, kn2rowAa, kn2rowAs];
const options = { algorithms, provider: jsGemm() };

/** Seconds, or undefined where nothing fits. */
function secondsOf(graph: NetworkGraph, more: Partial<NetworkOptions>): number | undefined {
  try {
    return planNetwork(graph, { ...options, ...more }).seconds;
  } catch (error) {
    if (isConvError(error) && error.code === "resource.over-budget") return undefined;
    throw error;
  }
}

test.each(Object.entries(graphs))(
  "no pair of candidates is faster within a budget than what was chosen: %s",
  (_, graph) => {
    const free = planNetwork(graph, options);
    const overridesOf = (layer: string): readonly LayerOverride[] => {
      const place = free.nodes.findIndex(({ name }) => name === layer);
      const all = free.candidates[free.nodes[place].candidates as string].filter(isRated);
      return all.map(({ algorithm, variant }) => ({ algorithm, ...variant }));
    };
    const pairs = overridesOf("first").flatMap((first) => overridesOf("second").map((second) => ({ first, second })));
    expect(pairs.length).toBeGreaterThan(200);
    const least = planNetwork(graph, { ...options, budgetBytes: smallest(graph) }).memory.totalBytes;
    const most = free.memory.totalBytes;
    for (const share of [0, 0.1, 0.3, 1]) {
      const budgetBytes = Math.floor(least + share * (most - least));
      const reached = pairs.flatMap((overrides) => secondsOf(graph, { budgetBytes, overrides }) ?? []);
      const chosen = secondsOf(graph, { budgetBytes });
      expect(chosen, `${budgetBytes} of ${least} to ${most} bytes`).toBeCloseTo(Math.min(...reached), 12);
    }
  },
  60_000,
);

function smallest(graph: NetworkGraph): number {
  try {
    planNetwork(graph, { ...options, budgetBytes: 0 });
  } catch (error) {
    if (isConvError(error)) return error.details.smallestBytes as number;
  }
  throw new Error("nothing was refused");
}
