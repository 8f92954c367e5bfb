/** Seconds since any moment. */
export type Clock = () => number;

const wall: Clock = () => performance.now() / 1000;

/** Time in which this thread ran: what other processes take of the machine does not count, nor do other threads. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

/**
 * The wall's clock, unless the environment says `BENCH_CLOCK=cpu`: for comparisons with one thread on a machine that has
 * other work. It is read once, and processes that are started for a peer inherit it.
 */
export const benchClock: Clock = chosenClock(process.env.BENCH_CLOCK ?? "wall");

/** For what computes on threads that it starts itself: with `BENCH_CLOCK=cpu` the time of all threads of the process. */
export const processClock: Clock = benchClock === wall ? wall : processTime;

function processTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** No sample should be shorter: systems count the time of threads in steps of some milliseconds. */
export const leastSampleSeconds: number = benchClock === wall ? 0 : 0.1;

function chosenClock(name: string): Clock {
  if (name === "wall") return wall;
  if (name !== "cpu") throw new Error(`BENCH_CLOCK is wall or cpu, not ${name}`);
  if (typeof process.threadCpuUsage !== "function") throw new Error("BENCH_CLOCK=cpu needs Node 24 or newer");
  return threadTime;
}
