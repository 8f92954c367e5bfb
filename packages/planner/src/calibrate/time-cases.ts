import { type Executable, type RunAsyncOptions, turnOfOthers } from "@leanconv/gemm";

/** Seconds since any moment. */
export type Clock = () => number;

export interface TimingOptions extends RunAsyncOptions {
  readonly clock: Clock;
  /** Of all samples together. Every executable is sampled at least `leastRounds` times whatever it takes. */
  readonly seconds: number;
  readonly leastRounds: number;
  readonly mostRounds: number;
}

/** More samples rather than longer ones: what a system's scheduler takes from some of them, the median leaves out. */
const longestSample = 1e-3;

/**
 * A sample is the quickest of so many stretches, or of fewer where a run is long: another process that takes the core makes
 * one longer, never shorter.
 */
const mostStretches = 3;

/**
 * Seconds of one run of each: the median of its samples, which are taken in turns, so that a slow phase of the machine
 * hits all of them. The first turn warms the engine up and says how many runs make a sample. Gives the event loop its
 * turn now and then; rejects with the reason of a signal that stops it.
 */
export async function timeAll(executables: readonly Executable[], options: TimingOptions): Promise<readonly number[]> {
  const { clock, seconds, leastRounds, mostRounds, onProgress, signal } = options;
  const begin = clock();
  const sampleSeconds = Math.min(longestSample, seconds / (executables.length * (leastRounds + 2)));
  const samples = executables.map((): number[] => []);
  const plans: SamplePlan[] = executables.map(() => ({ stretches: 1, repeats: 1 }));
  const total = (leastRounds + 1) * executables.length;
  let pause = begin;
  for (let round = -1; round < mostRounds; round++) {
    if (round >= leastRounds && (clock() - begin) * (1 + 1 / (round + 2)) > seconds) break;
    for (let turn = 0; turn < executables.length; turn++) {
      const index = (Math.max(round, 0) + turn) % executables.length;
      const one = executables[index];
      const from = clock();
      if (round < 0) {
        do one.run();
        while (clock() - from < sampleSeconds);
        // The first runs are the slow ones.
        const last = clock();
        one.run();
        const runs = Math.max(1, Math.round(sampleSeconds / Math.max(clock() - last, 1e-7)));
        const stretches = Math.min(mostStretches, runs);
        plans[index] = { stretches, repeats: Math.round(runs / stretches) };
      } else {
        // What the others have left in the caches is not what a network finds there, layer after layer.
        one.run();
        samples[index].push(quickest(one, plans[index], clock));
      }
      if (clock() - pause > 0.02) {
        await turnOfOthers();
        if (signal?.aborted) throw signal.reason;
        // Rounds beyond the least are taken while there is time.
        onProgress?.(Math.min(total, (round + 1) * executables.length + turn), total);
        pause = clock();
      }
    }
  }
  onProgress?.(total, total);
  return samples.map(median);
}

/** How one sample is taken. */
interface SamplePlan {
  readonly stretches: number;
  /** Runs of a stretch. */
  readonly repeats: number;
}

function quickest(one: Executable, { stretches, repeats }: SamplePlan, clock: Clock): number {
  let least = Number.POSITIVE_INFINITY;
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = clock();
    for (let run = 0; run < repeats; run++) one.run();
    least = Math.min(least, clock() - from);
  }
  return least / repeats;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
