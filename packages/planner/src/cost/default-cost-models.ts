import type { CostModel } from "./cost-model.ts";
import { type LinearCostTerms, linearCostModel } from "./linear-cost-model.ts";
import type { MachineProfile } from "./machine-profile.ts";
import { nativeCostTerms } from "./native-cost-terms.ts";
import { profileCostModel } from "./profile-cost-model.ts";
import { jsProfile } from "./profiles/js.ts";
import { wasmProfile } from "./profiles/wasm.ts";

/** Until a machine is calibrated: measured on one, from synthetic shapes alone. They rank; they promise no milliseconds. */
const shipped: Readonly<Record<string, MachineProfile>> = { js: jsProfile, wasm: wasmProfile };

/** The kernels of the completion, for tests and comparisons: fitted by least squares to layers of the shipped networks. */
const reference: LinearCostTerms = {
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
};

const seeds: Readonly<Record<string, LinearCostTerms>> = { native: nativeCostTerms, reference };

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

/** The shipped profile for a provider's name, whatever its variant; unknown ones get the generic model, which says so by its name. */
export function defaultCostModel(providerName: string): CostModel {
  if (Object.hasOwn(shipped, providerName)) {
    return { ...profileCostModel(shipped[providerName]), name: `${providerName}-default` };
  }
  return linearCostModel(Object.hasOwn(seeds, providerName) ? seeds[providerName] : generic);
}
