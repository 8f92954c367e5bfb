import type { PlainProduct } from "./complete-gemm.ts";
import { defineProvider } from "./define-provider.ts";
import type { GemmProvider } from "./provider.ts";
import { compileReference } from "./reference/kernel.ts";

/**
 * The complete reference: every kernel as its definition, with float64 sums. Slow, no scratch, for tests and as the
 * thing other providers are compared with. Allocates nothing but heaps.
 */
export function referenceGemm(): GemmProvider {
  const panelWidth = 4;
  return defineProvider({
    name: "reference",
    capabilities: { panelWidth },
    plainGemm: naiveGemm,
    query: () => ({ scratchBytes: 0, tableBytes: 0 }),
    compile: (descriptor, heap) => compileReference(descriptor, heap.float32, panelWidth),
  });
}

/** Three loops and a float64 sum. */
export function naiveGemm(memory: Float32Array, p: PlainProduct): void {
  for (let i = 0; i < p.m; i++) {
    for (let j = 0; j < p.n; j++) {
      const at = p.c + i * p.cRow + j * p.cCol;
      let sum = p.beta === 0 ? 0 : memory[at];
      for (let k = 0; k < p.k; k++)
        sum += memory[p.a + i * p.aRow + k * p.aCol] * memory[p.b + k * p.bRow + j * p.bCol];
      memory[at] = sum;
    }
  }
}
