/** Something to time. `run` is one call; it must do all of its work before it returns. */
export interface Contender {
  readonly name: string;
  readonly run: () => void;
}

export interface InterleaveOptions {
  /** Samples of each contender. */
  readonly rounds: number;
  /** A sample repeats short calls until it takes about this long. */
  readonly sampleSeconds?: number;
  /** Engines compile a function while it is called, so a contender is called for this long before it counts. */
  readonly warmSeconds?: number;
  /** Seconds since any moment; for tests. */
  readonly now?: () => number;
}

/**
 * Times contenders against each other: every round takes one sample of each, so that a slow phase of the machine hits
 * all of them, and the one that begins changes from round to round. Returns the median seconds of one call of each.
 */
export function interleave(contenders: readonly Contender[], options: InterleaveOptions): number[] {
  const { rounds, sampleSeconds = 0.02, warmSeconds = 0.15, now = () => performance.now() / 1000 } = options;
  const repeats = contenders.map(({ run }) => {
    const begin = now();
    let calls = 0;
    let last = begin;
    let seconds = Number.POSITIVE_INFINITY;
    while (calls < 2 || last - begin < warmSeconds) {
      run();
      calls++;
      const time = now();
      seconds = Math.min(seconds, time - last);
      last = time;
    }
    return Math.max(1, Math.round(sampleSeconds / Math.max(seconds, 1e-7)));
  });
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      const { run } = contenders[index];
      const begin = now();
      for (let call = 0; call < repeats[index]; call++) run();
      samples[index].push((now() - begin) / repeats[index]);
    }
  }
  return samples.map(median);
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
