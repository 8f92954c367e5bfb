import { testNoAllocation } from "@leanconv/testing";

const algorithms = [
  ["@leanconv/conv-im2col", "im2col"],
  ["@leanconv/conv-mec", "mec"],
  ["@leanconv/conv-kn2row", "kn2row"],
  ["@leanconv/conv-kn2row", "kn2rowAs"],
  ["@leanconv/conv-kn2row-aa", "kn2rowAa"],
  ["@leanconv/conv-kn2col-kw", "kn2colKw"],
  ["@leanconv/conv-implicit-gemm", "implicitGemm"],
] as const;

for (const algorithm of algorithms) testNoAllocation({ algorithm, provider: ["@leanconv/gemm-js", "jsGemm"] });
