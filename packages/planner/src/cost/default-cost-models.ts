import type { CostModel } from "./cost-model.ts";
import { type LinearCostTerms, linearCostModel } from "./linear-cost-model.ts";
import type { MachineProfile } from "./machine-profile.ts";
import { profileCostModel } from "./profile-cost-model.ts";
import { jsProfile } from "./profiles/js.ts";
import { nativeOnednnProfile } from "./profiles/native-onednn.ts";
import { nativeOpenblasProfile } from "./profiles/native-openblas.ts";
import { wasmProfile } from "./profiles/wasm.ts";

/**
 * Until a machine is calibrated: measured on one, from synthetic shapes alone. They rank; they promise no milliseconds.
 * Where a name has several, an identity that is like none takes the first.
 */
const shipped: readonly MachineProfile[] = [jsProfile, wasmProfile, nativeOpenblasProfile, nativeOnednnProfile];

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

/**
 * The shipped profile for a provider's name: of several, the one whose provider's identity begins most like this one.
 * Unknown names get the generic model, which says so by its name.
 */
export function defaultCostModel(providerName: string, identity: string = providerName): CostModel {
  const own = shipped.filter(({ provider }) => provider.name === providerName);
  if (own.length === 0) return linearCostModel(providerName === "reference" ? reference : generic);
  const alike = own.map(({ provider }) => commonPrefix(provider.identity, identity));
  const profile = own[alike.indexOf(Math.max(...alike))];
  return { ...profileCostModel(profile), name: `${providerName}-default` };
}

function commonPrefix(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
