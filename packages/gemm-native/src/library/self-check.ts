import type { Koffi } from "./koffi.ts";
import type { Sgemm } from "./sgemm.ts";

const [m, n, k] = [3, 5, 4];

/** What is wrong with a small product of every orientation, on top of what C holds; undefined where nothing is. */
export function selfCheck(koffi: Koffi, sgemm: Sgemm): string | undefined {
  const memory = new Float32Array(m * k + k * n + m * n);
  const base = Number(koffi.address(memory));
  const [b, c] = [m * k, m * k + k * n];
  for (const transposedA of [false, true]) {
    for (const transposedB of [false, true]) {
      for (let i = 0; i < c; i++) memory[i] = i % 7;
      memory.fill(1, c);
      const [lda, ldb] = [transposedA ? m : k, transposedB ? k : n];
      sgemm(transposedA, transposedB, m, n, k, base, lda, base + 4 * b, ldb, 1, base + 4 * c, n);
      for (let row = 0; row < m; row++) {
        for (let col = 0; col < n; col++) {
          let sum = 1;
          for (let i = 0; i < k; i++) {
            const left = memory[transposedA ? i * m + row : row * k + i];
            sum += left * memory[b + (transposedB ? col * k + i : i * n + col)];
          }
          const got = memory[c + row * n + col];
          if (got !== sum) return `${got} instead of ${sum} (transposed: ${transposedA}, ${transposedB})`;
        }
      }
    }
  }
  return undefined;
}
