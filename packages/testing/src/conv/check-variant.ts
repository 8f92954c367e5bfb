import { type ConvAlgorithm, formatProblem, type Variant } from "@leanconv/conv";
import type { Heap } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { countingProvider, sortedWork, type Work } from "../providers/counting-provider.ts";
import { type ConvData, differenceFrom } from "./conv-data.ts";
import { runConv } from "./run-conv.ts";

/** One variant on one provider and one set of tensors. */
export interface VariantCase {
  readonly algorithm: ConvAlgorithm;
  readonly variant: Variant;
  readonly provider: GemmProvider;
  readonly heap: Heap;
  readonly data: ConvData;
  readonly seed: number;
}

/**
 * What is wrong with a variant, or undefined: run twice, it gives the oracle's output both times as
 * exactly as its error class says, touches nothing but its
 * output and its workspace, and runs exactly the GEMMs and moves that its summary declares.
 */
export function checkVariant({ provider, seed, ...given }: VariantCase): string | undefined {
  const counting = countingProvider(provider);
  const { output, violations, needs } = runConv({ ...given, provider: counting, last: seed % 3, times: 2 });
  const name = `${JSON.stringify(given.variant)} ${formatProblem(given.data.problem)}, seed ${seed}`;
  if (violations.length > 0) return `${name}: ${violations[0]}`;
  const difference = differenceFrom(given.data, output, given.algorithm.errorClass);
  if (difference) return `${name}: ${difference}`;
  const declared = twice(sortedWork(needs.summary));
  const done = counting.work;
  if (JSON.stringify(done) === JSON.stringify(declared)) return undefined;
  return `${name}: ran ${JSON.stringify(done)}, declared ${JSON.stringify(declared)}`;
}

function twice({ gemms, moves }: Work): Work {
  const doubled = <T extends { readonly count: number }>(work: T): T => ({ ...work, count: work.count * 2 });
  return { gemms: gemms.map(doubled), moves: moves.map(doubled) };
}
