import type { ConvAlgorithm } from "@leanconv/conv";
import { im2col } from "@leanconv/conv-im2col";
import { implicitGemm } from "@leanconv/conv-implicit-gemm";
import { kn2colKw } from "@leanconv/conv-kn2col-kw";
import { kn2row, kn2rowAs } from "@leanconv/conv-kn2row";
import { kn2rowAa } from "@leanconv/conv-kn2row-aa";
import { mec } from "@leanconv/conv-mec";
import { winogradF2, winogradF4 } from "@leanconv/conv-winograd";

export { fullIm2colElements } from "@leanconv/conv-im2col";
export { im2col, implicitGemm, kn2colKw, kn2row, kn2rowAa, kn2rowAs, mec, winogradF2, winogradF4 };

/** Every algorithm a planner may choose from. The plain loop nest of conv-direct is the tests' oracle and not among them. */
export const allAlgorithms: readonly ConvAlgorithm[] = [
  im2col,
  mec,
  kn2row,
  kn2rowAs,
  kn2rowAa,
  kn2colKw,
  implicitGemm,
  winogradF2,
  winogradF4,
];
