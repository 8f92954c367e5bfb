import { defineProvider, type GemmProvider } from "@leanconv/gemm";

/** The smallest provider: one product on plain strides. Everything else is completed from the reference. */
export function tinyGemm(): GemmProvider {
  return defineProvider({
    name: "tiny",
    plainGemm(memory, { m, n, k, beta, a, aRow, aCol, b, bRow, bCol, c, cRow, cCol }) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          const at = c + i * cRow + j * cCol;
          let sum = beta === 0 ? 0 : memory[at]; // beta 0 must not read C: it may hold NaN
          for (let p = 0; p < k; p++) sum += memory[a + i * aRow + p * aCol] * memory[b + p * bRow + j * bCol];
          memory[at] = sum;
        }
      }
    },
  });
}
