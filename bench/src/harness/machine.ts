import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";

/** What a measurement depends on besides the code. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
  readonly date: string;
  /** Processes that wanted to run over the last minute: above 1, medians are worth less. */
  readonly load: number;
  readonly clock: string;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
    v8: process.versions.v8,
    date: new Date().toISOString(),
    load: loadavg()[0],
    clock: process.env.BENCH_CLOCK ?? "wall",
  };
}

/** One line for people. It goes to stderr, so that stdout is nothing but results. */
export function announceMachine(machine: Machine = thisMachine()): void {
  const { cpu, cores, memoryMiB, system, node, v8, date, load, clock } = machine;
  process.stderr.write(
    `${cpu}, ${cores} cores, ${memoryMiB} MiB, ${system}, Node ${node}, V8 ${v8}, ${date}, load ${load.toFixed(1)}, ${clock} clock\n`,
  );
}
