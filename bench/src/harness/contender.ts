import { benchClock, type Clock, leastSampleSeconds } from "./clock.ts";

/** Something to time, in this process or in another. */
export interface Contender {
  readonly name: string;
  /**
   * Calls it until the engine has compiled what it runs, for at least `seconds`, and finds out how many calls make a
   * sample of about `sampleSeconds`.
   */
  warm(seconds: number, sampleSeconds: number): void | Promise<void>;
  /** Seconds of one call: the mean over one sample. */
  sample(): number | Promise<number>;
}

/** A function that does all of its work before it returns. Another clock is for tests. */
export function contender(name: string, run: () => void, now: Clock = benchClock): Contender {
  let repeats = 1;
  return {
    name,
    warm(seconds, sampleSeconds) {
      run();
      const begin = now();
      let calls = 0;
      do {
        run();
        calls++;
      } while (now() - begin < seconds);
      repeats = callsPerSample((now() - begin) / calls, sampleSeconds);
    },
    sample() {
      const begin = now();
      for (let call = 0; call < repeats; call++) run();
      return (now() - begin) / repeats;
    },
  };
}

/** Another stretch of a sample that has taken so long would cost more than it says. */
const longSampleSeconds = 0.03;

/**
 * The same, but a sample is the quickest of several stretches of it, or of fewer where calls are long: another process
 * that takes the core makes a stretch longer, never shorter. For the many samples of a machine that is not quiet.
 */
export function steadyContender(name: string, run: () => void, stretches: number, now: Clock = benchClock): Contender {
  const stretch = contender(name, run, now);
  return {
    name,
    warm: (seconds, sampleSeconds) => stretch.warm(seconds, Math.max(sampleSeconds / stretches, leastSampleSeconds)),
    sample() {
      const begin = now();
      // Nothing is awaited: the stretches of one sample follow each other.
      let quickest = stretch.sample() as number;
      for (let i = 1; i < stretches && now() - begin < longSampleSeconds; i++) {
        quickest = Math.min(quickest, stretch.sample() as number);
      }
      return quickest;
    },
  };
}

/** The same for a function that is done when its promise is: each call waits for the one before. */
export function asyncContender(name: string, run: () => Promise<void>, now: Clock = benchClock): Contender {
  let repeats = 1;
  return {
    name,
    async warm(seconds, sampleSeconds) {
      await run();
      const begin = now();
      let calls = 0;
      do {
        await run();
        calls++;
      } while (now() - begin < seconds);
      repeats = callsPerSample((now() - begin) / calls, sampleSeconds);
    },
    async sample() {
      const begin = now();
      for (let call = 0; call < repeats; call++) await run();
      return (now() - begin) / repeats;
    },
  };
}

function callsPerSample(seconds: number, sampleSeconds: number): number {
  return Math.max(1, Math.round(sampleSeconds / Math.max(seconds, 1e-6)));
}
