import { activationFunction } from "../activation.ts";
import type { GemmDescriptor } from "../descriptor.ts";
import { levelCount } from "../levels.ts";
import type { Kernel, KernelCall } from "../provider.ts";
import { shareStart } from "../share.ts";

/**
 * GEMM written as its definition, one element after the other with float64 sums. Every operand kind, no scratch, slow:
 * what providers are compared with. Packed A lies as plain [batch][m][k].
 */
export function compileReferenceGemm(descriptor: GemmDescriptor, memory: Float32Array, panelWidth: number): Kernel {
  const { a, b, c, m, k, cols, batch, beta } = descriptor;
  const rowStride = a.kind === "plain" ? a.m : levelCount(a.pack.k);
  const kStride = a.kind === "plain" ? a.k : 1;
  const batchA = batch ? batch.a * (a.kind === "plain" ? 1 : levelCount(a.pack.rows) * levelCount(a.pack.k)) : 0;
  const apply = activationFunction(descriptor.activation);

  /** Element (kk, (row, col)) of B, for the operand at `at`. */
  function elementB(at: number, kk: number, row: number, col: number): number {
    if (b.kind === "plain") return memory[at + kk * b.k + row * b.row + col * b.col];
    if (b.kind === "panels") {
      const column = row * cols + col;
      const panel = Math.floor(column / panelWidth);
      return memory[at + panel * b.depth * panelWidth + kk * panelWidth + (column - panel * panelWidth)];
    }
    const tap = b.taps[Math.floor(kk / b.channels)];
    const line = row * b.sh + tap.dy;
    const column = col * b.sw + tap.dx;
    if (line < 0 || line >= b.ih || column < 0 || column >= b.iw) return 0;
    return memory[at + (kk % b.channels) * b.channel + line * b.line + column * b.col];
  }

  return {
    run(call: KernelCall): void {
      const pixels = Math.max(0, call.rowEnd - call.rowBegin) * cols;
      const begin = shareStart(pixels, call.part, call.parts);
      const end = shareStart(pixels, call.part + 1, call.parts);
      for (let index = 0; index < (batch?.count ?? 1); index++) {
        const atA = call.a + index * batchA;
        const atB = call.b + index * (batch?.b ?? 0);
        const atC = call.c + index * (batch?.c ?? 0);
        const bias = call.bias + index * (batch?.bias ?? 0);
        const slopes = call.slopes + index * (batch?.slopes ?? 0);
        for (let pixel = begin; pixel < end; pixel++) {
          const row = call.rowBegin + Math.floor(pixel / cols);
          const col = pixel % cols;
          for (let i = 0; i < m; i++) {
            const at = atC + i * c.m + row * c.row + col * c.col;
            let sum = beta === 0 ? 0 : memory[at];
            for (let kk = 0; kk < k; kk++) {
              sum += memory[atA + i * rowStride + kk * kStride] * elementB(atB, kk, row, col);
            }
            if (descriptor.bias) sum += memory[bias + i];
            const slope = descriptor.activation?.kind === "prelu" ? memory[slopes + i] : 0;
            memory[at] = descriptor.activation ? apply(sum, slope) : sum;
          }
        }
      }
    },
  };
}
