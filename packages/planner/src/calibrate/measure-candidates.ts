import { type CheckedGraph, type ConvProblem, checkGraph, type NetworkGraph, type Variant } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import {
  assertProvider,
  type Program,
  type ProgramSummary,
  type RunAsyncOptions,
  summariseProgram,
} from "@leanconv/gemm";
import type { CostModel, PricedCandidate } from "../cost/cost-model.ts";
import { graphPrograms } from "../neutral/graph-programs.ts";
import { layouts as bothLayouts, type Layout } from "../neutral/strides.ts";
import { isTaken, type OfferOptions, offersOf } from "../offers.ts";
import { hostClock } from "./host.ts";
import { openPrograms } from "./open-programs.ts";
import { type Clock, timeAll } from "./time-cases.ts";

/** Candidates are those of the planner under the same options. */
export interface MeasureOptions extends OfferOptions, RunAsyncOptions {
  /** Pairs of layouts to be timed, as the plan may use them. Default: of problems nchw in and out, of a graph all four. */
  readonly layouts?: readonly (readonly [input: Layout, output: Layout])[] | undefined;
  /** Of each problem, about: every candidate runs at least ten times, however long it takes. Default 1. */
  readonly seconds?: number | undefined;
  /** Seconds since any moment; default the host's clock. */
  readonly clock?: Clock | undefined;
}

/**
 * Times the real candidates of every problem instead of predicting them: the median of rounds in which all candidates of
 * a problem run in turns. Returns a model that looks the times up: for problems as `model` of `planLayers`, for a graph of
 * `planNetwork` and `paretoFront`, with the copies between layouts and the sums that its plans may run. Inputs are taken
 * to be exclusive: what a plan may not use it does not ask for. What is equal is timed once; each problem takes one heap
 * for the time being, as large as its most demanding candidate and all forms of its weights.
 * @throws `resource.out-of-memory`, the codes of `checkGraph`; rejects with the reason of the signal
 */
export async function measureCandidates(
  input: readonly ConvProblem[] | NetworkGraph,
  options: MeasureOptions,
): Promise<CostModel> {
  const { provider, threads = 1, seconds = 1, clock = hostClock, signal, onProgress } = options;
  assertProvider(provider, "measureCandidates");
  const graph = "nodes" in input ? checkGraph(input, "measureCandidates") : undefined;
  const layouts = options.layouts ?? (graph ? fourPairs : [["nchw", "nchw"]]);
  const problems = new Map(problemsOf(graph ?? (input as readonly ConvProblem[])));
  const besides = graph ? graphPrograms(graph) : [];
  const known = new Map<string, number>();
  const total = problems.size + Math.min(1, besides.length);
  let done = 0;
  const time = async (named: readonly (readonly [key: string, program: Program])[]): Promise<void> => {
    if (named.length > 0) {
      const programs = named.map(([, program]) => program);
      const opened = await openPrograms(programs, provider, threads);
      try {
        const times = await timeAll(opened.executables, { clock, seconds, leastRounds: 3, mostRounds: 15, signal });
        for (const [index, [key]] of named.entries()) known.set(key, times[index]);
      } finally {
        opened[Symbol.dispose]();
      }
    }
    onProgress?.(++done, total);
  };
  for (const problem of problems.values()) {
    const offers = layouts.flatMap(([inputLayout, outputLayout]) =>
      offersOf(problem, { inputLayout, outputLayout, exclusiveInput: true }, options).filter(isTaken),
    );
    await time(offers.map((offer) => [candidateKey({ problem, ...offer }), offer.program]));
  }
  if (besides.length > 0) await time(besides.map((program) => [workKey(summariseProgram(program)), program]));
  return measuredModel(known, `measured ${provider.identity}/${threads}`);
}

const fourPairs = bothLayouts.flatMap((input) => bothLayouts.map((output) => [input, output] as const));

function problemsOf(input: readonly ConvProblem[] | CheckedGraph): readonly (readonly [string, ConvProblem])[] {
  const problems =
    "nodes" in input ? input.nodes.flatMap((node) => (node.kind === "conv" ? [node.problem] : [])) : input;
  return problems.map((problem) => [JSON.stringify(problem), problem]);
}

function measuredModel(known: ReadonlyMap<string, number>, name: string): CostModel {
  return {
    name,
    seconds({ summary }, _capabilities, candidate) {
      const seconds = known.get(candidate ? candidateKey(candidate) : workKey(summary));
      if (seconds !== undefined) return seconds;
      throw convError("argument.plan-mismatch", {
        where: "measureCandidates",
        what: candidate ? "a candidate was not timed" : "a copy or a sum was not timed",
        got: candidate && `${candidate.algorithm} ${candidate.variant.form}`,
        fix: "plan the problems, or the graph, that were measured, under the same options",
      });
    },
  };
}

function candidateKey({ problem, algorithm, variant }: PricedCandidate): string {
  const { form, inputLayout, outputLayout }: Variant = variant;
  const parameters = Object.entries(variant.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([problem, algorithm, form, parameters, inputLayout, outputLayout]);
}

/** What a program besides those of candidates is known by: those of the same work are not told apart. */
function workKey({ gemms, moves, phases }: ProgramSummary): string {
  return JSON.stringify([gemms, moves, phases]);
}
