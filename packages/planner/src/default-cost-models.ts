import type { CostModel } from "./cost-model.ts";
import { type LinearCostTerms, linearCostModel } from "./linear-cost-model.ts";

/** Any provider without constants of its own: the shape of a plain scalar GEMM, good for ranking, not for milliseconds. */
const generic: LinearCostTerms = {
  name: "generic",
  flopsPerSecond: {
    plain: { nchw: 2e9, nhwc: 2e9 },
    patch: { nchw: 1.6e9, nhwc: 1.6e9 },
    panels: { nchw: 2e9, nhwc: 2e9 },
  },
  halfRateDepth: 16,
  callSeconds: 1e-6,
  bytesPerSecond: { contiguous: 4e9, scattered: 1e9 },
  updateBytesPerSecond: 8e9,
};

const shipped: Readonly<Record<string, LinearCostTerms>> = {};

/** The shipped constants for a provider's name; unknown ones get the generic model, which says so by its name. */
export function defaultCostModel(providerName: string): CostModel {
  return linearCostModel(shipped[providerName] ?? generic);
}
