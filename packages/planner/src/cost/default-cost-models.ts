import type { CostModel } from "./cost-model.ts";
import { type LinearCostTerms, linearCostModel } from "./linear-cost-model.ts";
import { wasmCostTerms } from "./wasm-cost-terms.ts";

// Seeds, until a machine is calibrated: fitted by least squares to programs of all algorithms on layers of the shipped
// networks, then set by hand to the times of whole networks, on one core of a virtual AMD EPYC server with Node 24. They
// rank; they do not promise milliseconds, least of all elsewhere.

const shipped: Readonly<Record<string, LinearCostTerms>> = {
  wasm: wasmCostTerms,
  js: {
    name: "js-seed",
    flopsPerSecond: {
      plain: { nchw: 4.8e9, nhwc: 4.9e9 },
      patch: { nchw: 4.75e9, nhwc: 4.8e9 },
      panels: { nchw: 4.5e9, nhwc: 4.9e9 },
    },
    depthwiseFlopsPerSecond: 0.9e9,
    halfRateDepth: 18,
    callSeconds: 2e-7,
    bytesPerSecond: { contiguous: 3.5e9, scattered: 1.8e9 },
    // No more than noise was found: a tile of C is written and read again while it is in the cache.
    updateBytesPerSecond: 100e9,
  },
  reference: {
    name: "reference-seed",
    flopsPerSecond: {
      plain: { nchw: 0.32e9, nhwc: 0.32e9 },
      patch: { nchw: 0.18e9, nhwc: 0.18e9 },
      panels: { nchw: 0.2e9, nhwc: 0.2e9 },
    },
    depthwiseFlopsPerSecond: 0.055e9,
    halfRateDepth: 3,
    callSeconds: 1e-7,
    bytesPerSecond: { contiguous: 1.5e9, scattered: 1.05e9 },
    updateBytesPerSecond: 50e9,
  },
};

/**
 * Any provider without constants of its own: a provider made of one plain GEMM, whose patches are lowered by the
 * completion into panels of scratch. For ranking, not for milliseconds.
 */
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

/** The shipped constants for a provider's name; unknown ones get the generic model, which says so by its name. */
export function defaultCostModel(providerName: string): CostModel {
  return linearCostModel(Object.hasOwn(shipped, providerName) ? shipped[providerName] : generic);
}
