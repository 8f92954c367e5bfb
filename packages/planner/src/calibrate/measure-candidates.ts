import { type CheckedGraph, type ConvProblem, checkGraph, type NetworkGraph } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import {
  assertProvider,
  type Executable,
  type Program,
  type ProgramSummary,
  type RunAsyncOptions,
  summariseProgram,
} from "@leanconv/gemm";
import { candidateKey } from "../candidate-key.ts";
import type { CostModel, PricedCandidate } from "../cost/cost-model.ts";
import { graphPrograms } from "../neutral/graph-programs.ts";
import { layouts as bothLayouts, type Layout } from "../neutral/strides.ts";
import { isTaken, type OfferOptions, offersOf } from "../offers.ts";
import { functionCases, functionExecutable, functionKey, warmUp } from "./function-case.ts";
import { hostClock } from "./host.ts";
import { openPrograms } from "./open-programs.ts";
import { type Clock, timeAll } from "./time-cases.ts";

/** Candidates are those of the planner under the same options. */
export interface MeasureOptions extends OfferOptions, RunAsyncOptions {
  /** Pairs of layouts to be timed, as the plan may use them. Default: of problems nchw in and out, of a graph all four. */
  readonly layouts?: readonly (readonly [input: Layout, output: Layout])[] | undefined;
  /** Of each problem, about: every candidate runs at least four times, however long it takes. Default 1. */
  readonly seconds?: number | undefined;
  /** Seconds since any moment; default the host's clock. */
  readonly clock?: Clock | undefined;
}

/**
 * Times the real candidates of every problem instead of predicting them: the quickest of rounds in which all candidates of
 * a problem run in turns. Returns a model that looks the times up: for problems as `model` of `planLayers`, for a graph of
 * `planNetwork` and `paretoFront`, with the copies between layouts, the sums and the pools that its plans may run. Inputs are taken
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
  const functions = graph ? functionCases(graph) : [];
  const total = problems.size + Math.min(1, besides.length) + Math.min(1, functions.length);
  let done = 0;
  const time = async (keys: readonly string[], executables: readonly Executable[]): Promise<void> => {
    const times = await timeAll(executables, { clock, seconds, leastRounds: 3, mostRounds: 15, signal });
    for (const [index, key] of keys.entries()) known.set(key, times[index]);
    onProgress?.(++done, total);
  };
  const timePrograms = async (keys: readonly string[], programs: readonly Program[]): Promise<void> => {
    if (programs.length === 0) return onProgress?.(++done, total);
    const opened = await openPrograms(programs, provider, threads);
    try {
      await time(keys, opened.executables);
    } finally {
      opened[Symbol.dispose]();
    }
  };
  for (const problem of problems.values()) {
    const offers = layouts.flatMap(([inputLayout, outputLayout]) =>
      offersOf(problem, { inputLayout, outputLayout, exclusiveInput: true }, options).filter(isTaken),
    );
    const keys = offers.map((offer) => pricedKey({ problem, ...offer }));
    await timePrograms(
      keys,
      offers.map(({ program }) => program),
    );
  }
  if (besides.length > 0) {
    const keys = besides.map((program) => workKey(summariseProgram(program)));
    await timePrograms(keys, besides);
  }
  if (functions.length > 0) {
    const executables = functions.map(functionExecutable);
    warmUp(executables, clock);
    const keys = functions.map(({ node, input, layout }) => functionKey(node, input, layout));
    await time(keys, executables);
  }
  return measuredModel(known, provider.identity, threads);
}

const fourPairs = bothLayouts.flatMap((input) => bothLayouts.map((output) => [input, output] as const));

function problemsOf(input: readonly ConvProblem[] | CheckedGraph): readonly (readonly [string, ConvProblem])[] {
  const problems =
    "nodes" in input ? input.nodes.flatMap((node) => (node.kind === "conv" ? [node.problem] : [])) : input;
  return problems.map((problem) => [JSON.stringify(problem), problem]);
}

function measuredModel(known: ReadonlyMap<string, number>, identity: string, team: number): CostModel {
  const look = (key: string, what: string, got: unknown): number => {
    const seconds = known.get(key);
    if (seconds !== undefined) return seconds;
    throw convError("argument.plan-mismatch", {
      where: "measureCandidates",
      ...{ what: `${what} was not timed`, got },
      fix: "plan the problems, or the graph, that were measured, under the same options",
    });
  };
  return {
    name: `measured ${identity}/${team}`,
    seconds({ summary }, _capabilities, candidate, threads = 1) {
      if (threads !== team) return look("", `a plan for ${threads} thread(s)`, `times of ${team} thread(s)`);
      if (candidate === undefined) return look(workKey(summary), "a copy or a sum", undefined);
      return look(pricedKey(candidate), "a candidate", `${candidate.algorithm} ${candidate.variant.form}`);
    },
    nodeSeconds: (node, input, _output, layout) => look(functionKey(node, input, layout), "a node", node.name),
  };
}

function pricedKey(candidate: PricedCandidate): string {
  return `${JSON.stringify(candidate.problem)} ${candidateKey(candidate)}`;
}

/** What a program besides those of candidates is known by: those of the same work are not told apart. */
function workKey({ gemms, moves, phases }: ProgramSummary): string {
  return JSON.stringify([gemms, moves, phases]);
}
