import type { Activation } from "@leanconv/gemm";

/** One of every kind, none included, with parameters that keep results on integers exact where that is possible. */
export const sampleActivations: readonly (Activation | undefined)[] = [
  undefined,
  { kind: "relu" },
  { kind: "relu6" },
  { kind: "clip", min: -3, max: 5 },
  { kind: "clip", min: -2 },
  { kind: "clip", max: 2 },
  { kind: "leaky-relu", alpha: 0.25 },
  { kind: "prelu" },
  { kind: "elu", alpha: 1.5 },
  { kind: "sigmoid" },
  { kind: "hard-sigmoid", alpha: 0.25, beta: 0.5 },
  { kind: "hard-swish" },
  { kind: "tanh" },
];
