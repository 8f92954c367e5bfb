const warmUpRuns = 5000;
/** Each try takes more runs than the one before: what the engine allocates for itself does not grow with them. */
const tries: readonly number[] = [5000, 10_000, 20_000, 40_000, 80_000, 160_000, 200_000];

/**
 * Bytes of JavaScript heap that one call of `run` allocates, after warming up. Stops at the first try with less than one
 * byte: the engine allocates now and then on its own account, a `run` that allocates does so every time. Counts runs and
 * not seconds, so that a busy machine measures the same. Needs `--expose-gc`, and a `--min-semi-space-size` large enough
 * that nothing is collected meanwhile.
 */
export function bytesPerRun(run: () => void): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("start node with --expose-gc");
  for (let i = 0; i < warmUpRuns; i++) run();
  let least = Number.POSITIVE_INFINITY;
  for (const runs of tries) {
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < runs; i++) run();
    least = Math.min(least, Math.max(0, process.memoryUsage().heapUsed - before) / runs);
    if (least < 1) break;
  }
  return least;
}
