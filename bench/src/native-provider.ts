import { systemLibrary } from "@leanconv/gemm-native";
import { contender } from "./harness/contender.ts";
import type { PeakProbe } from "./providers.ts";

const size = 1024;

/** The library's own product of a large square: what the provider's products are a fraction of. */
export async function libraryPeaks(): Promise<readonly PeakProbe[]> {
  const { sgemm, addressOf } = await systemLibrary();
  const memory = new Float32Array(3 * size * size).fill(0.5);
  const base = addressOf(memory);
  const [b, c] = [base + 4 * size * size, base + 8 * size * size];
  // The memory is named in the call, so that it lives as long.
  const run = (): void => {
    if (memory.length > 0) sgemm(false, false, size, size, size, base, size, b, size, 0, c, size);
  };
  return [{ contender: contender("1024 square", run), operations: 2 * size ** 3 }];
}
