import { convError } from "@leanconv/core";
import { assertProvider, type GemmProvider, type StopSignal } from "@leanconv/gemm";
import type { MachineProfile } from "../cost/machine-profile.ts";
import { type Case, caseProgram } from "./case.ts";
import { caseList } from "./case-list.ts";
import { fitProfile } from "./fit/fit-profile.ts";
import { functionExecutable, normCases, poolCases, warmUp } from "./function-case.ts";
import { gemmCase } from "./gemm-case.ts";
import { hostClock, hostCpu, hostRuntime } from "./host.ts";
import { openPrograms } from "./open-programs.ts";
import { callShape } from "./shapes.ts";
import { type Clock, timeAll } from "./time-cases.ts";
import { timingsOf } from "./timings.ts";

export interface CalibrateOptions {
  /** About how long it may take. Default 2, thorough 30. */
  readonly seconds?: number | undefined;
  /** A finer grid, and larger products. */
  readonly thorough?: boolean | undefined;
  /** Of the profile, at most the provider's. Default 1. */
  readonly threads?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops it: the promise rejects with the signal's reason. */
  readonly signal?: StopSignal | undefined;
  /** Stands in the profile. Default: what the host says of itself. */
  readonly machine?: Partial<MachineProfile["machine"]> | undefined;
  /** Seconds since any moment; default the host's clock. */
  readonly clock?: Clock | undefined;
}

/** Of the time, how much one call of the largest product may take, and at most so long: schedulers interrupt long ones. */
const largestShare = 1 / 4000;
const longestCall = { usual: 2e-3, thorough: 2e-2 };

/** A product of middling size: its rate says how much work there is time for. */
const probe = gemmCase({ kind: "plain", layout: "nchw", m: 48, rows: 16, cols: 16, channels: 128 });

/**
 * Measures what products and moves take on this machine, with this provider: the quickest of several rounds in which
 * all of them are timed in turns. Shapes are synthetic, no network is looked at. Allocates one heap, some 85 MB with wasm
 * and native and 20 MB with js, which is disposed of, and half of that again while constants are packed. Nothing else in
 * this package reads a clock.
 * @throws `argument.range`, `state.disposed`, `resource.out-of-memory`; rejects with the reason of the signal
 */
export async function calibrate(provider: GemmProvider, options: CalibrateOptions = {}): Promise<MachineProfile> {
  assertProvider(provider, "calibrate");
  const { thorough = false, threads = 1, machine, onProgress, signal, clock = hostClock } = options;
  const { seconds = thorough ? 30 : 2 } = options;
  checkRange(provider, seconds, threads);
  const begin = clock();
  const probes = await timeOnce([probe], provider, 1, clock);
  const flopsPerSecond = (2 * 48 * 256 * 128) / probes[0];
  const leastRounds = thorough ? 5 : 3;
  const longest = Math.min(seconds * largestShare, thorough ? longestCall.thorough : longestCall.usual);
  const list = caseList(provider.capabilities, thorough, flopsPerSecond * longest);
  const team = threads > 1 ? await timeTeam(provider, threads, clock) : { speedup: 1, barrierSeconds: 0 };
  const cases = [...list.values()];
  const programs = cases.map((one) => caseProgram(one, provider));
  const opened = await openPrograms(programs, provider, 1);
  try {
    const functions = [...poolCases, ...normCases].map(functionExecutable);
    warmUp(functions, clock);
    const times = await timeAll([...opened.executables, ...functions], {
      ...{ clock, leastRounds, mostRounds: 999, onProgress, signal },
      seconds: Math.max(0.1 * seconds, seconds - (clock() - begin)),
    });
    const seconds1 = new Map([...list.keys()].map((key, index) => [key, times[index] / cases[index].times]));
    const { name, identity } = provider;
    const head = {
      machine: { cpu: machine?.cpu ?? hostCpu(), runtime: machine?.runtime ?? hostRuntime() },
      provider: { name, identity },
      threads: { count: threads, ...team },
    };
    const { capabilities } = provider;
    const functionTimes = times.slice(cases.length);
    return fitProfile(head, { capabilities, times: timingsOf(seconds1), functionTimes, thorough });
  } finally {
    opened[Symbol.dispose]();
  }
}

/** @throws `argument.range` */
function checkRange({ capabilities }: GemmProvider, seconds: number, threads: number): void {
  const where = "calibrate";
  if (!(Number.isFinite(seconds) && seconds > 0)) {
    throw convError("argument.range", { where: `${where}: seconds`, what: "not a time above 0", got: seconds });
  }
  if (Number.isInteger(threads) && threads >= 1 && threads <= capabilities.threads) return;
  const wanted = `1 to ${capabilities.threads}`;
  throw convError("argument.range", {
    where: `${where}: threads`,
    what: "the provider has not so many",
    got: threads,
    wanted,
  });
}

/** Seconds of one call, the least of some rounds. */
async function timeOnce(
  cases: readonly Case[],
  provider: GemmProvider,
  threads: number,
  clock: Clock,
): Promise<readonly number[]> {
  const programs = cases.map((one) => caseProgram(one, provider));
  const opened = await openPrograms(programs, provider, threads);
  try {
    const seconds = await timeAll(opened.executables, { clock, seconds: 0.06, leastRounds: 3, mostRounds: 5 });
    return seconds.map((value, index) => Math.max(value / cases[index].times, 1e-9));
  } finally {
    opened[Symbol.dispose]();
  }
}

/** What threads gain on a product that has enough for all of them, and what a phase of next to nothing takes with them. */
async function timeTeam(
  provider: GemmProvider,
  threads: number,
  clock: Clock,
): Promise<{ readonly speedup: number; readonly barrierSeconds: number }> {
  const large = gemmCase({ kind: "plain", layout: "nchw", m: 192, rows: 28, cols: 28, channels: 256 });
  const cases = [large, { ...gemmCase(callShape("nchw")), apart: true }];
  const alone = await timeOnce(cases, provider, 1, clock);
  const together = await timeOnce(cases, provider, threads, clock);
  return { speedup: alone[0] / together[0], barrierSeconds: Math.max(0, together[1] - alone[1]) };
}
