import { setTimeout } from "node:timers/promises";
import { leastSampleSeconds } from "./clock.ts";
import type { Contender } from "./contender.ts";
import { median } from "./median.ts";

export interface InterleaveOptions {
  /** Samples of each contender. */
  readonly rounds: number;
  /** A sample repeats short calls until it takes about this long. */
  readonly sampleSeconds?: number;
  /** Engines compile a function while it is called, so a contender is called for this long before it counts. */
  readonly warmSeconds?: number;
  /** Before every sample. Workers of the contender before may still be spinning on a core that this one needs. */
  readonly pauseSeconds?: number;
  /**
   * Untimed calls before every sample. Threads that have slept are woken first, often on the core of the one that wakes
   * them, and it takes a while until the system has moved them apart: nobody who runs a network frame after frame sees that.
   */
  readonly leadSeconds?: number;
}

/** How samples of so many threads begin: where there are several, workers are let go to sleep, and threads move apart. */
export function settling(threads: number): Pick<InterleaveOptions, "pauseSeconds" | "leadSeconds"> {
  return threads > 1 ? { pauseSeconds: 0.02, leadSeconds: 0.04 } : {};
}

/** Seconds of one call of each contender, the median of its samples. */
export async function interleave(contenders: readonly Contender[], options: InterleaveOptions): Promise<number[]> {
  return (await interleaveSamples(contenders, options)).map(median);
}

/**
 * Times contenders against each other: every round takes one sample of each, so that a slow phase of the machine hits
 * all of them, and the one that begins changes from round to round. Returns each contender's samples, one a round.
 */
export async function interleaveSamples(
  contenders: readonly Contender[],
  options: InterleaveOptions,
): Promise<number[][]> {
  const { rounds, sampleSeconds = 0.02, warmSeconds = 0.15, pauseSeconds = 0, leadSeconds = 0 } = options;
  for (const one of contenders) await one.warm(warmSeconds, Math.max(sampleSeconds, leastSampleSeconds));
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      if (pauseSeconds > 0) await setTimeout(1000 * pauseSeconds);
      if (leadSeconds > 0) await contenders[index].warm(leadSeconds, Math.max(sampleSeconds, leastSampleSeconds));
      samples[index].push(await contenders[index].sample());
    }
  }
  return samples;
}
