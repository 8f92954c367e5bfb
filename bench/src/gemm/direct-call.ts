import type { SystemLibrary } from "@leanconv/gemm-native";
import type { GemmOperands } from "./gemm-case.ts";
import type { GemmShape } from "./gemm-shapes.ts";

/** The product as one call of the library on the same operands; undefined for patches, which no call takes. */
export function directCall(
  { m, k, rows, cols, b, layout }: GemmShape,
  operands: GemmOperands,
  library: SystemLibrary,
): (() => void) | undefined {
  if (b.kind !== "plain") return undefined;
  const { sgemm, addressOf } = library;
  const [weights, pixels, result] = [operands.packed, operands.pixels, operands.result].map(addressOf);
  const n = rows * cols;
  // Weights are packed [k][m].
  if (layout === "nchw") return () => sgemm(true, false, m, n, k, weights, m, pixels, b.k, 0, result, n);
  return () => sgemm(false, false, n, m, k, pixels, b.col, weights, m, 0, result, m);
}
