import { allAlgorithms } from "@leanconv/algorithms";
import { winogradAlgorithm } from "@leanconv/conv-winograd";
import type { ErrorCode } from "@leanconv/core";
import { type AlgorithmKitOptions, inLowStrips, testConvAlgorithm } from "@leanconv/testing";
import { describe } from "vitest";
import { nativeGemm } from "../src/index.ts";
import { installed } from "./installed.ts";

type Expectations = Partial<Pick<AlgorithmKitOptions, "algorithm" | "layouts" | "refuses" | "limits" | "partialSlots">>;

const accumulating: readonly ErrorCode[] = [
  ...(["unsupported.layout", "unsupported.padding", "unsupported.shared-input", "unsupported.strides"] as const),
];

/** Bounds that cut the kit's small images into blocks; the last block may have fewer tiles, so that slots have gaps. */
const winograd = (tile: 2 | 4): Expectations => ({
  algorithm: winogradAlgorithm(tile, { boundsKib: [9, 12, 1024] }),
  refuses: ["unsupported.kernel", "unsupported.strides", "unsupported.dilation"],
  limits: { maxChannels: 11, maxImage: 19, only: { kernel: 3, stride: 1, dilation: 1 } },
  partialSlots: () => true,
});

/** What algorithms refuse on any provider, and the layouts that they take. */
const known: Readonly<Record<string, Expectations>> = {
  im2col: { refuses: ["unsupported.kernel", "unsupported.padding", "unsupported.strides"] },
  mec: { refuses: ["unsupported.groups", "unsupported.size"] },
  "kn2row-as": { refuses: ["unsupported.padding"] },
  "kn2row-aa": { refuses: accumulating, layouts: ["nchw"] },
  "kn2col-kw": { refuses: accumulating, layouts: ["nhwc"] },
  "winograd-f2": winograd(2),
  "winograd-f4": winograd(4),
};

for (const library of ["onednn", "openblas"]) {
  describe.skipIf(!installed.has(library))(library, () => {
    for (const one of allAlgorithms) {
      const { algorithm = one, refuses = [], layouts = ["nchw", "nhwc"], ...others } = known[one.name] ?? {};
      testConvAlgorithm({
        algorithm: layouts.length === 1 ? inLowStrips(algorithm) : algorithm,
        ...{ layouts, refuses, ...others, runs: 30, thin: 2 },
        providers: [() => nativeGemm({ library })],
      });
    }
  });
}
