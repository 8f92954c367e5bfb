import {
  type Accuracy,
  type ConvAlgorithm,
  type ConvProblem,
  requirements,
  type Variant,
  type VariantContext,
} from "@leanconv/conv";
import { isConvError, type Refusal } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { accurateOffers } from "./accuracy.ts";
import type { CostModel } from "./cost/cost-model.ts";
import { tableBytes } from "./neutral/price.ts";
import { type Candidate, isRated, type RatedCandidate } from "./plan.ts";
import { formatBytes, formatSeconds } from "./units.ts";

/** What all layers of a plan have in common. */
export interface Circumstances {
  readonly algorithms: readonly ConvAlgorithm[];
  readonly provider: GemmProvider;
  readonly model: CostModel;
  /** Default "standard". */
  readonly accuracy?: Accuracy;
  readonly threads: number;
  /** Infinity without a limit. */
  readonly limitBytes: number;
  /** What the caller's options rule out, whatever the algorithms offer. The only place where candidates are left out. */
  readonly rules?: readonly CandidateRule[];
}

/** Why an option of the caller rules a candidate out; undefined where it does not. */
export type CandidateRule = (problem: ConvProblem, algorithm: string, variant: Variant) => Refusal | undefined;

/** Every variant of every algorithm for one problem, in their order, with what it needs or why it is refused. */
export function askCandidates(
  problem: ConvProblem,
  context: VariantContext,
  circumstances: Circumstances,
): readonly Candidate[] {
  const { algorithms, accuracy, rules = [] } = circumstances;
  return algorithms.flatMap((algorithm) =>
    accurateOffers(algorithm, problem, context, accuracy).map(({ variant, refusal }) => {
      const ruled = firstRefusal(rules, problem, algorithm.name, variant) ?? refusal;
      return ruled ? refused(algorithm, variant, ruled) : rate(algorithm, problem, variant, circumstances);
    }),
  );
}

function firstRefusal(
  rules: readonly CandidateRule[],
  problem: ConvProblem,
  algorithm: string,
  variant: Variant,
): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(problem, algorithm, variant);
    if (refusal) return refusal;
  }
  return undefined;
}

/**
 * Every variant of every algorithm for one problem, best first: chosen, eligible by predicted time, then those over the
 * limit by size, then the refused in the order of the algorithms. Nothing is chosen where nothing fits.
 */
export function rateCandidates(
  problem: ConvProblem,
  context: VariantContext,
  circumstances: Circumstances,
): readonly Candidate[] {
  const all = askCandidates(problem, context, circumstances);
  const rated = all.filter(isRated);
  const fitting = rated.filter((candidate) => candidate.status === "eligible").sort(byTime);
  const over = rated.filter((candidate) => candidate.status !== "eligible").sort(bySize);
  const unable = all.filter((candidate) => !isRated(candidate));
  const [best, ...rest] = fitting;
  if (best === undefined) return [...over, ...unable];
  const chosen: RatedCandidate = { ...best, status: "chosen", reason: whyChosen(best, rest[0]) };
  return [chosen, ...rest.map((candidate) => ({ ...candidate, reason: whyNot(candidate, best) })), ...over, ...unable];
}

/** The candidate with the smallest workspace, of those that are not refused. */
export function smallestCandidate(candidates: readonly Candidate[]): RatedCandidate | undefined {
  return candidates.filter(isRated).sort(bySize)[0];
}

function rate(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  variant: Variant,
  { provider, model, threads, limitBytes }: Circumstances,
): Candidate {
  try {
    const program = algorithm.program(problem, variant, provider);
    for (const kernel of program.kernels) {
      const refusal = provider.refuses(kernel);
      if (refusal) return refused(algorithm, variant, refusal);
    }
    const needs = requirements(program, provider, threads);
    const { workspaceBytes, slotBytes, scratchBytes, packedBytes } = needs;
    const fits = workspaceBytes <= limitBytes;
    return {
      algorithm: algorithm.name,
      variant,
      status: fits ? "eligible" : "resource.workspace-limit",
      reason: fits ? "" : `${formatBytes(workspaceBytes)} of workspace, over the limit of ${formatBytes(limitBytes)}`,
      ...{ workspaceBytes, slotBytes, scratchBytes, packedBytes, tableBytes: tableBytes(program, provider) },
      seconds: model.seconds(needs, provider.capabilities, { problem, algorithm: algorithm.name, variant }),
    };
  } catch (error) {
    // A size beyond the exact integers, say: the other candidates may still do. Anything else is a bug to be seen.
    if (!isConvError(error) || !/^(unsupported\.|resource\.|argument\.overflow)/.test(error.code)) throw error;
    return refused(algorithm, variant, { code: error.code, reason: error.message });
  }
}

function refused(algorithm: ConvAlgorithm, variant: Variant, { code, reason }: Refusal): Candidate {
  return { algorithm: algorithm.name, variant, status: code, reason };
}

export const byTime = (a: RatedCandidate, b: RatedCandidate): number =>
  a.seconds - b.seconds || a.workspaceBytes - b.workspaceBytes || byName(a, b);

const bySize = (a: RatedCandidate, b: RatedCandidate): number =>
  a.workspaceBytes - b.workspaceBytes || a.seconds - b.seconds || byName(a, b);

function byName(a: RatedCandidate, b: RatedCandidate): number {
  const [left, right] = [a, b].map(({ algorithm, variant }) =>
    [algorithm, variant.form, parameterKey(variant)].join(" "),
  );
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Parameters in the order of their names, with numbers that compare as text. */
function parameterKey({ parameters }: Variant): string {
  const entries = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, value]) => `${name}=${String(value).padStart(16, "0")}`).join();
}

function whyChosen(best: RatedCandidate, next: RatedCandidate | undefined): string {
  if (next === undefined) return "the only one that fits";
  if (next.seconds > best.seconds) return "least predicted time";
  return next.workspaceBytes > best.workspaceBytes ? "least workspace at equal time" : "first by name at equal cost";
}

function whyNot(candidate: RatedCandidate, best: RatedCandidate): string {
  if (candidate.seconds > best.seconds) {
    return `${formatSeconds(candidate.seconds - best.seconds)} slower than the chosen one`;
  }
  return candidate.workspaceBytes > best.workspaceBytes ? "equal time, more workspace" : "equal cost, later by name";
}
