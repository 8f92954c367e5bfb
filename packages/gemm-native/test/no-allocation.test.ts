import { testNoAllocation } from "@leanconv/testing";
import { describe } from "vitest";
import { installed } from "./installed.ts";

// Enough channels for products of the library; small images, since runs are counted.
const problems = [
  "ic8ih7iw6oc9kh3kw3pt1pb1pl1pr1+bias+relu",
  "n2ic4ih9iw7oc12kh3kw2sh2sw2pt1g2+prelu",
  "ic12ih5oc10kh1+bias",
];

describe.skipIf(installed.size === 0)("native", () => {
  for (const algorithm of [
    ["@leanconv/conv-im2col", "im2col"],
    ["@leanconv/conv-implicit-gemm", "implicitGemm"],
    ["@leanconv/conv-kn2row-aa", "kn2rowAa"],
    ["@leanconv/conv-kn2col-kw", "kn2colKw"],
  ] as const) {
    testNoAllocation({ algorithm, provider: ["@leanconv/gemm-native", "nativeGemm"], problems });
  }
});
