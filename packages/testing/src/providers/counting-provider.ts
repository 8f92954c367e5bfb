import {
  type GemmProvider,
  type GemmWork,
  gemmWork,
  type KernelDescriptor,
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

/** How often one kernel ran over one range of rows. */
interface Tally {
  readonly descriptor: KernelDescriptor;
  readonly rowBegin: number;
  readonly rowEnd: number;
  count: number;
}

/** Counts every kernel call of `provider`, for comparison with what a program's summary declares. */
export function countingProvider(provider: GemmProvider): CountingProvider {
  const tallies: Map<number, Tally>[] = [];
  const counting = wrapProvider(provider, (kernel, descriptor) => {
    const ranges = new Map<number, Tally>();
    tallies.push(ranges);
    return {
      run(call) {
        if (call.part === 0) tally(ranges, descriptor, call.rowBegin, call.rowEnd);
        kernel.run(call);
      },
    };
  });
  return Object.defineProperties(counting, {
    work: { get: () => workOf(tallies.flatMap((ranges) => [...ranges.values()])) },
    reset: {
      value: () => {
        for (const ranges of tallies) ranges.clear();
      },
    },
  }) as CountingProvider;
}

function tally(ranges: Map<number, Tally>, descriptor: KernelDescriptor, rowBegin: number, rowEnd: number): void {
  const key = rowBegin * 2 ** 24 + rowEnd;
  const known = ranges.get(key);
  if (known) known.count++;
  else ranges.set(key, { descriptor, rowBegin, rowEnd, count: 1 });
}

function workOf(tallies: readonly Tally[]): Work {
  const gemms: GemmWork[] = [];
  const moves: MoveWork[] = [];
  for (const { descriptor, rowBegin, rowEnd, count } of tallies) {
    if (descriptor.kind === "gemm") gemms.push({ ...gemmWork(descriptor, rowBegin, rowEnd), count });
    else moves.push({ ...moveWork(descriptor, rowBegin, rowEnd), count });
  }
  return sortedWork({ gemms, moves });
}

/** A summary's lists with equal shapes merged and sorted, so that two of them are equal when they mean the same. */
export function sortedWork({ gemms, moves }: Pick<ProgramSummary, "gemms" | "moves">): Work {
  return { gemms: merged(gemms), moves: merged(moves) };
}

function merged<T extends GemmWork | MoveWork>(list: readonly T[]): T[] {
  const byShape = new Map<string, T>();
  for (const work of list) {
    if (work.count === 0) continue;
    // The shape without the count, which both summary and provider make with the same function.
    const key = Object.values({ ...work, count: 0 }).join();
    const known = byShape.get(key);
    byShape.set(key, { ...work, count: work.count + (known?.count ?? 0) });
  }
  return [...byShape].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, work]) => work);
}
