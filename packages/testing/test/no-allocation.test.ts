import { testNoAllocation } from "@leanconv/testing";

const algorithms = [
  ["@leanconv/conv-im2col", "im2col"],
  ["@leanconv/conv-mec", "mec"],
  ["@leanconv/conv-kn2row", "kn2row"],
  ["@leanconv/conv-kn2row", "kn2rowAs"],
  ["@leanconv/conv-kn2row-aa", "kn2rowAa"],
  ["@leanconv/conv-kn2col-kw", "kn2colKw"],
  ["@leanconv/conv-implicit-gemm", "implicitGemm"],
  ["@leanconv/conv-winograd", "winogradF2"],
  ["@leanconv/conv-winograd", "winogradF4"],
] as const;

for (const algorithm of algorithms) testNoAllocation({ algorithm, provider: ["@leanconv/gemm-js", "jsGemm"] });

// Tile transforms, which nobody else runs, in WebAssembly and by the reference.
for (const provider of [["@leanconv/gemm-wasm", "wasmGemm"], undefined] as const) {
  testNoAllocation({ algorithm: ["@leanconv/conv-winograd", "winogradF4"], ...(provider && { provider }) });
}
