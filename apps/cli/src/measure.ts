/** Before the measured runs: long enough for the engine to compile what it will run. */
const warmMs = 20;
/** The measured runs: this many, or as many as fit this time. */
const wantedRuns = 7;
const enoughMs = 250;

/**
 * Median milliseconds of a few runs after a warm-up. A run that alone takes long is warmed up and measured once each:
 * within a run that long the engine has compiled all there is to compile.
 */
export function measure(run: () => void): number {
  const begin = performance.now();
  do run();
  while (performance.now() - begin < warmMs);
  const times: number[] = [];
  let total = 0;
  while (times.length === 0 || (times.length < wantedRuns && total < enoughMs)) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
    total += times[times.length - 1];
  }
  return median(times);
}

/** Reorders the list. */
function median(times: number[]): number {
  times.sort((a, b) => a - b);
  const middle = times.length >> 1;
  return times.length % 2 === 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
}
