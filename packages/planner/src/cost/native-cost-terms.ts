import type { LinearCostTerms } from "./linear-cost-model.ts";

/** Seeds for the provider over a native library, set to oneDNN's rates on one core of a virtual AMD EPYC server. */
export const nativeCostTerms: LinearCostTerms = {
  name: "native-seed",
  flopsPerSecond: {
    plain: { nchw: 250e9, nhwc: 255e9 },
    patch: { nchw: 250e9, nhwc: 255e9 },
    // Panels are those of the wasm kernels, which also multiply them.
    panels: { nchw: 50e9, nhwc: 55e9 },
  },
  depthwiseFlopsPerSecond: 15e9,
  // Pixels fill the vectors of planes, channels those of pixels.
  grain: { nchw: { m: 1, n: 16 }, nhwc: { m: 16, n: 1 } },
  // Patches are lowered into strips.
  elementSeconds: {
    plain: { nchw: 0, nhwc: 0 },
    patch: { nchw: 0.1e-9, nhwc: 0.04e-9 },
    panels: { nchw: 0, nhwc: 0 },
  },
  // Every call packs the weights anew.
  weightSeconds: 0.2e-9,
  halfRateDepth: 6,
  callSeconds: 5e-7,
  bytesPerSecond: { contiguous: 20e9, scattered: 4e9 },
  updateBytesPerSecond: 100e9,
};
