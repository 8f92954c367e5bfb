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

/** More samples rather than longer ones: what a system's scheduler takes from some of them is left out. */
const longestSample = 1e-3;

/** Of the time, how much the first turn takes at most of what is short. */
const warmShare = 0.15;

/**
 * A sample is the quickest of so many stretches, or of fewer where a run is long: another process that takes the core makes
 * one longer, never shorter.
 */
const mostStretches = 3;

/** A run that takes longer goes through more memory than caches hold, or hardly needs any. */
const longestLead = 2e-3;

/**
 * Seconds of one run of each: the quickest of its samples, since other work makes samples longer and never shorter, and
 * often most of the few that there is time for. They are taken in turns, so that a slow phase of the machine spoils one
 * round of all rather than all rounds of one. A first turn warms the engine up and tells how much time of a round there is
 * for a sample. Gives the event loop its turn now and then; rejects with the reason of a signal that stops it.
 */
export async function timeAll(executables: readonly Executable[], options: TimingOptions): Promise<readonly number[]> {
  const { clock, seconds, leastRounds, mostRounds, onProgress, signal } = options;
  const begin = clock();
  const count = executables.length;
  const total = (leastRounds + 1) * count;
  let pause = begin;
  const breathe = async (done: number): Promise<void> => {
    if (clock() - pause <= 0.02) return;
    await turnOfOthers();
    if (signal?.aborted) throw signal.reason;
    // Rounds beyond the least are taken while there is time.
    onProgress?.(Math.min(total, done), total);
    pause = clock();
  };

  const runs: number[] = [];
  const warmSeconds = Math.min(longestSample, (warmShare * seconds) / count);
  for (const one of executables) {
    runs.push(warmed(one, warmSeconds, clock));
    await breathe(runs.length);
  }
  const sampleSeconds = Math.min(longestSample, shareOf(runs, (seconds - (clock() - begin)) / leastRounds));
  const quickest = executables.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < mostRounds; round++) {
    if (round >= leastRounds && (clock() - begin) * (1 + 1 / (round + 1)) > seconds) break;
    for (let turn = 0; turn < count; turn++) {
      const index = (round + turn) % count;
      const sample = sampleOf(executables[index], runs[index], sampleSeconds, clock);
      quickest[index] = Math.min(quickest[index], sample);
      await breathe((round + 1) * count + turn);
    }
  }
  onProgress?.(total, total);
  return quickest;
}

/** Runs for a while, since the first runs are the slow ones, and tells what the quickest of the others took. */
function warmed(one: Executable, warmSeconds: number, clock: Clock): number {
  const begin = clock();
  one.run();
  let least = Number.POSITIVE_INFINITY;
  for (;;) {
    const from = clock();
    one.run();
    const now = clock();
    least = Math.min(least, now - from);
    if (now - begin >= warmSeconds) return least;
  }
}

/** Of a round, the time for each sample when runs that are longer take theirs. */
function shareOf(runs: readonly number[], roundSeconds: number): number {
  const costs = runs.map((run) => run + leadOf(run)).sort((a, b) => b - a);
  let left = roundSeconds;
  for (const [at, cost] of costs.entries()) {
    const share = left / (costs.length - at);
    // The lead of a short run is half of its cost.
    if (cost <= share) return share - cost / 2;
    left -= cost;
  }
  return 0;
}

/** Of what is run before a sample. */
function leadOf(run: number): number {
  return run <= longestLead ? run : 0;
}

/** One sample, in seconds of one run, which takes about `run`. */
function sampleOf(one: Executable, run: number, sampleSeconds: number, clock: Clock): number {
  // What the others have left in the caches is not what a network finds there, layer after layer.
  if (leadOf(run) > 0) one.run();
  const wanted = Math.max(1, Math.round(sampleSeconds / Math.max(run, 1e-7)));
  const stretches = Math.min(mostStretches, wanted);
  const repeats = Math.round(wanted / stretches);
  let least = Number.POSITIVE_INFINITY;
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = clock();
    for (let again = 0; again < repeats; again++) one.run();
    least = Math.min(least, clock() - from);
  }
  return least / repeats;
}
