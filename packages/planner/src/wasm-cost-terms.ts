import type { LinearCostTerms } from "./linear-cost-model.ts";

// Fitted by non-negative least squares to rows that `npm run bench -- algorithms --json` printed for some layers of
// resnet50, squeezenet1_1, mobilenet_v2, alexnet_ungrouped and vgg16, then adjusted by hand, with Node 24 and the relaxed
// kernels on one core of a virtual AMD EPYC server. How good the choices are has not been scored since.

/** Seeds for the provider in WebAssembly, whichever its variant: the others differ in rates more than in order. */
export const wasmCostTerms: LinearCostTerms = {
  name: "wasm-seed",
  flopsPerSecond: {
    plain: { nchw: 59e9, nhwc: 65e9 },
    patch: { nchw: 56e9, nhwc: 63e9 },
    // The fit had panels of pixels faster than anything can be; they are no faster than plain ones.
    panels: { nchw: 67e9, nhwc: 63e9 },
  },
  depthwiseFlopsPerSecond: 15e9,
  // Rows of weights are balanced over tiles and remainders of pixels have a narrow one; pixel by pixel it is the reverse.
  grain: { nchw: { m: 1, n: 4 }, nhwc: { m: 4, n: 1 } },
  // Channel planes are packed before they are multiplied, pixels are pointed to.
  elementSeconds: {
    plain: { nchw: 0.34e-9, nhwc: 0 },
    patch: { nchw: 0.34e-9, nhwc: 0 },
    panels: { nchw: 0, nhwc: 0 },
  },
  weightSeconds: 0.14e-9,
  halfRateDepth: 6,
  callSeconds: 2e-7,
  bytesPerSecond: { contiguous: 18e9, scattered: 6.8e9 },
  // Points of whole layers of vgg16, in both directions and layouts; large maps wait for memory.
  transformBytesPerSecond: 12e9,
  updateBytesPerSecond: 25e9,
};
