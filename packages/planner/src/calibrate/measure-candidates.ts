import type { ConvProblem, Variant } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import { assertProvider, type RunAsyncOptions } from "@leanconv/gemm";
import type { CostModel, PricedCandidate } from "../cost/cost-model.ts";
import { isTaken, type OfferOptions, offersOf } from "../offers.ts";
import { hostClock } from "./host.ts";
import { openPrograms } from "./open-programs.ts";
import { type Clock, timeAll } from "./time-cases.ts";

/** Candidates are those of the planner under the same options. */
export interface MeasureOptions extends OfferOptions, RunAsyncOptions {
  /** Pairs of layouts to be timed, as the plan may use them. Default: nchw in and out. */
  readonly layouts?: readonly (readonly [input: Layout, output: Layout])[] | undefined;
  /** Of each problem, about: every candidate runs at least ten times, however long it takes. Default 1. */
  readonly seconds?: number | undefined;
  /** Seconds since any moment; default the host's clock. */
  readonly clock?: Clock | undefined;
}

type Layout = "nchw" | "nhwc";

/**
 * Times the real candidates of every problem instead of predicting them: the median of rounds in which all candidates of
 * a problem run in turns. Returns a model that looks the times up, for `planLayers`. Inputs are taken to be exclusive:
 * what a plan may not use it does not ask for. Problems that are equal are timed once; each takes one heap for the time
 * being, as large as its most demanding candidate and all forms of its weights.
 * @throws `resource.out-of-memory`; rejects with the reason of the signal
 */
export async function measureCandidates(problems: readonly ConvProblem[], options: MeasureOptions): Promise<CostModel> {
  const {
    provider,
    layouts = [["nchw", "nchw"]],
    threads = 1,
    seconds = 1,
    clock = hostClock,
    signal,
    onProgress,
  } = options;
  assertProvider(provider, "measureCandidates");
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const known = new Map<string, number>();
  let done = 0;
  for (const problem of distinct.values()) {
    const offered = layouts
      .flatMap(([inputLayout, outputLayout]) =>
        offersOf(problem, { inputLayout, outputLayout, exclusiveInput: true }, options),
      )
      .filter(isTaken);
    if (offered.length > 0) {
      const opened = await openPrograms(
        offered.map(({ program }) => program),
        provider,
        threads,
      );
      try {
        const pace = { clock, seconds, leastRounds: 3, mostRounds: 15, signal };
        const times = await timeAll(opened.executables, pace);
        for (const [index, candidate] of offered.entries()) known.set(keyOf({ problem, ...candidate }), times[index]);
      } finally {
        opened[Symbol.dispose]();
      }
    }
    onProgress?.(++done, distinct.size);
  }
  return measuredModel(known, `measured ${provider.identity}/${threads}`);
}

function measuredModel(known: ReadonlyMap<string, number>, name: string): CostModel {
  return {
    name,
    seconds(_requirements, _capabilities, candidate) {
      const seconds = candidate && known.get(keyOf(candidate));
      if (seconds !== undefined) return seconds;
      throw convError("argument.plan-mismatch", {
        where: "measureCandidates",
        what: "a candidate was not timed",
        got: candidate && `${candidate.algorithm} ${candidate.variant.form}`,
        fix: "plan the problems that were measured, in the same layouts",
      });
    },
  };
}

function keyOf({ problem, algorithm, variant }: PricedCandidate): string {
  const { form, inputLayout, outputLayout }: Variant = variant;
  const parameters = Object.entries(variant.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([problem, algorithm, form, parameters, inputLayout, outputLayout]);
}
