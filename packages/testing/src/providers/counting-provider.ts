import {
  type GemmProvider,
  type GemmWork,
  gemmWork,
  type MoveWork,
  moveWork,
  type ProgramSummary,
} from "@leanconv/gemm";
import { wrapProvider } from "./wrap-provider.ts";

/** GEMMs and moves of distinct shapes with their counts, in an order of their own: comparable with `toEqual`. */
export interface Work {
  readonly gemms: readonly GemmWork[];
  readonly moves: readonly MoveWork[];
}

/** A provider that also knows what it has run. */
export interface CountingProvider extends GemmProvider {
  /** What has run since the start or the last `reset`. A call shared out in parts counts once. */
  readonly work: Work;
  reset(): void;
}

/** Counts every kernel call of `provider`, for comparison with what a program's summary declares. */
export function countingProvider(provider: GemmProvider): CountingProvider {
  const gemms: GemmWork[] = [];
  const moves: MoveWork[] = [];
  const counting = wrapProvider(provider, (kernel, descriptor) => ({
    run(call) {
      if (call.part === 0) {
        const { rowBegin, rowEnd } = call;
        if (descriptor.kind === "gemm") gemms.push({ ...gemmWork(descriptor, rowBegin, rowEnd), count: 1 });
        else moves.push({ ...moveWork(descriptor, rowBegin, rowEnd), count: 1 });
      }
      kernel.run(call);
    },
  }));
  return Object.defineProperties(counting, {
    work: { get: () => sortedWork({ gemms, moves }) },
    reset: {
      value: () => {
        gemms.length = 0;
        moves.length = 0;
      },
    },
  }) as CountingProvider;
}

/** A summary's lists with equal shapes merged and sorted, so that two of them are equal when they mean the same. */
export function sortedWork({ gemms, moves }: Pick<ProgramSummary, "gemms" | "moves">): Work {
  return { gemms: merged(gemms), moves: merged(moves) };
}

function merged<T extends { readonly count: number }>(list: readonly T[]): T[] {
  const counts = new Map<string, number>();
  for (const { count, ...shape } of list) {
    const key = JSON.stringify(Object.entries(shape).sort());
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return [...counts]
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => ({ ...Object.fromEntries(JSON.parse(key)), count }) as T);
}
