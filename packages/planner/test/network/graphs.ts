import { type NetworkGraph, parseProblem } from "@leanconv/conv";

const conv = (name: string, input: string, problem: string) =>
  ({ kind: "conv", name, inputs: [input], problem: parseProblem(problem) }) as const;

/** A bit of everything: a chain, a branch, a sum in place, a concatenation, pools, an activation, two outputs. */
export const smallGraph: NetworkGraph = {
  nodes: [
    { kind: "input", name: "data", shape: [1, 3, 19, 17] },
    conv("stem", "data", "ic3ih19iw17oc8kh3ph1+bias+relu"),
    { kind: "max-pool", name: "pool", inputs: ["stem"], kernel: [3, 3], strides: [2, 2], ceil: true },
    conv("left", "pool", "ic8ih9iw8oc8kh3ph1+bias"),
    { kind: "add", name: "sum", inputs: ["left", "pool"], activation: { kind: "relu" } },
    conv("narrow", "sum", "ic8ih9iw8oc6kh1+bias+relu6"),
    conv("wide", "sum", "ic8ih9iw8oc10kh5ph2+relu"),
    { kind: "concat", name: "both", inputs: ["narrow", "wide"] },
    { kind: "activation", name: "squashed", inputs: ["both"], activation: { kind: "hard-swish" } },
    conv("deep", "squashed", "ic16ih9iw8oc16kh3ph1g16+bias"),
    { kind: "average-pool", name: "mean", inputs: ["deep"], kernel: [9, 8], strides: [1, 1] },
  ],
  outputs: ["mean", "sum"],
};
