// Who may import whom, in one place. ARCHITECTURE.md explains the layers; this table is what CI enforces.

/** The `leanconv.layer` field of a package.json. */
export type Layer =
  | "core"
  | "tensor"
  | "gemm"
  | "conv"
  | "kernels"
  | "runtime"
  | "provider"
  | "algorithm"
  | "data"
  | "planner"
  | "list"
  | "umbrella"
  | "app"
  | "bench"
  | "testing";

export interface LayerRule {
  /** Layers whose packages may be imported. */
  readonly layers: readonly Layer[];
  /** Third-party packages that may be imported from anywhere in src; "*" means any declared one. */
  readonly external?: readonly string[];
  /** Whether modules of Node itself may be imported. */
  readonly node?: boolean;
}

export const layerRules: Readonly<Record<Layer, LayerRule>> = {
  core: { layers: [] },
  tensor: { layers: ["core"] },
  gemm: { layers: ["core"] },
  conv: { layers: ["core", "tensor", "gemm"] },
  kernels: { layers: ["core", "gemm"], node: true },
  runtime: { layers: ["core", "gemm", "kernels"], node: true },
  // Providers know numbers and offsets: no shapes, no tensors, no convolutions.
  provider: { layers: ["core", "gemm", "kernels", "runtime"], external: ["koffi"], node: true },
  // Algorithms meet only in the list above them, and reach providers only through the contract.
  algorithm: { layers: ["core", "tensor", "conv", "gemm"] },
  data: { layers: ["core", "conv"] },
  // Plans are read back from files, and checked by a library then.
  planner: { layers: ["core", "conv", "gemm"], external: ["valibot"] },
  list: { layers: ["conv", "algorithm"] },
  umbrella: {
    layers: ["core", "tensor", "gemm", "conv", "kernels", "provider", "algorithm", "data", "planner", "list"],
  },
  app: {
    layers: ["core", "tensor", "gemm", "conv", "provider", "algorithm", "data", "planner", "list", "umbrella"],
    external: ["*"],
    node: true,
  },
  bench: {
    layers: [
      "core",
      "tensor",
      "gemm",
      "conv",
      "kernels",
      "provider",
      "algorithm",
      "data",
      "planner",
      "list",
      "umbrella",
    ],
    external: ["*"],
    node: true,
  },
  testing: { layers: ["core", "tensor", "gemm", "conv"], external: ["fast-check", "vitest"], node: true },
};

/** Single files that may import what the rest of their package may not. */
export const fileExceptions: Readonly<Record<string, readonly string[]>> = {
  // Both generate code from strings, so they stay behind one entry and everything else runs under a strict policy.
  "@leanconv/tensor/src/ndarray.ts": ["ndarray", "ndarray-ops"],
};

/** Files that may import, or require, a module whose name they are given. */
export const computedImports: readonly string[] = [
  // Measures modules in a process of their own; a test tells which.
  "@leanconv/testing/src/allocation/measure.ts",
  // The peers are installed apart from the workspace, when they are asked for.
  "@leanconv/bench/src/peers/install.ts",
];

/** Single edges between packages beyond the layer rules. */
export const packageExceptions: Readonly<Record<string, readonly string[]>> = {
  "@leanconv/testing": ["@leanconv/conv-direct"],
};

/** Single edges that the layer rules would allow and that are forbidden all the same. */
export const forbiddenEdges: Readonly<Record<string, readonly string[]>> = {
  // The oracle is for tests, not a candidate for the planner.
  "@leanconv/algorithms": ["@leanconv/conv-direct"],
};
