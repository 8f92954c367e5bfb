import { benchClock, type Clock } from "./clock.ts";

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
