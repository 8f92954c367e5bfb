/** Runs after the warm-up, unless they take too long. */
const wantedRuns = 5;
const enoughMs = 400;

/**
 * Median milliseconds of a few runs after a warm-up. A run that alone takes long enough is measured once more and no
 * further: on layers that large, what the warm-up changes is little.
 */
export function measure(run: () => void): number {
  run();
  const times: number[] = [];
  let total = 0;
  while (times.length < wantedRuns && (times.length === 0 || total < enoughMs)) {
    const start = performance.now();
    run();
    const ms = performance.now() - start;
    times.push(ms);
    total += ms;
  }
  times.sort((a, b) => a - b);
  const middle = times.length >> 1;
  return times.length % 2 === 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
}
