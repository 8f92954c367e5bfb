import { referenceGemm } from "@leanconv/gemm";
import { jsGemm } from "@leanconv/gemm-js";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { testConvAlgorithm } from "@leanconv/testing";
import { winogradAlgorithm } from "../src/index.ts";

// Bounds that cut the kit's small images into blocks.
for (const tile of [2, 4] as const) {
  testConvAlgorithm({
    algorithm: winogradAlgorithm(tile, { boundsKib: [9, 12, 1024] }),
    limits: { maxChannels: 11, maxImage: 19, only: { kernel: 3, stride: 1, dilation: 1 } },
    runs: 40,
    providers: [referenceGemm, jsGemm, wasmGemm],
    layouts: ["nchw", "nhwc"],
    refuses: ["unsupported.kernel", "unsupported.strides", "unsupported.dilation"],
    // Between two points lies a gap, and the last block may have fewer tiles.
    partialSlots: () => true,
  });
}
