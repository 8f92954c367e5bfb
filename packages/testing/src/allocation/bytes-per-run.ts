/** How long warming up and one measurement take at most. */
const longestSeconds = 0.15;
const mostRuns = 200_000;
const mostAttempts = 12;

/**
 * Bytes of JavaScript heap that one call of `run` allocates, after warming up. Measures until that is less than one
 * byte: the engine allocates now and then on its own account, a `run` that allocates does so every time. Needs
 * `--expose-gc`, and `--min-semi-space-size` large enough that nothing is collected meanwhile.
 */
export function bytesPerRun(run: () => void): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("start node with --expose-gc");
  const runs = warmUp(run);
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < mostAttempts && least >= 1; attempt++) {
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < runs; i++) run();
    least = Math.min(least, Math.max(0, process.memoryUsage().heapUsed - before) / runs);
  }
  return least;
}

/** Runs until the engine has compiled everything, and says how many runs fit the time of one measurement. */
function warmUp(run: () => void): number {
  const start = performance.now();
  let runs = 0;
  while (runs < mostRuns / 10 && performance.now() - start < 1000 * longestSeconds) {
    for (let i = 0; i < 100; i++) run();
    runs += 100;
  }
  const seconds = (performance.now() - start) / 1000;
  return Math.max(2000, Math.min(mostRuns, Math.floor((runs * longestSeconds) / seconds)));
}
