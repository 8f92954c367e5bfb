import {
  type Accuracy,
  type ConvAlgorithm,
  type ConvProblem,
  type ConvProgram,
  type Requirements,
  requirements,
  type Variant,
  type VariantContext,
} from "@leanconv/conv";
import { isConvError, type Refusal } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { accurateOffers } from "./accuracy.ts";
import { formatBytes } from "./units.ts";

/** What decides, besides the problem and its layouts, which ways to compute it there are. */
export interface OfferOptions {
  readonly algorithms: readonly ConvAlgorithm[];
  readonly provider: GemmProvider;
  /** Default "standard". */
  readonly accuracy?: Accuracy | undefined;
  /** Default 1. */
  readonly threads?: number | undefined;
  /** What needs more is refused, with its numbers. Default: no limit. */
  readonly workspaceBytes?: number | undefined;
  /** What the caller rules out, whatever the algorithms offer. */
  readonly rules?: readonly OfferRule[] | undefined;
}

/** Why an option of the caller rules a variant out; undefined where it does not. */
export type OfferRule = (problem: ConvProblem, algorithm: string, variant: Variant) => Refusal | undefined;

interface Way {
  readonly algorithm: string;
  readonly variant: Variant;
}

/** A way to compute a problem, with its program and what it needs. */
export interface ProgramOffer extends Way {
  readonly program: ConvProgram;
  readonly needs: Requirements;
  /** `resource.workspace-limit` where it needs more than is allowed. */
  readonly refusal?: Refusal;
}

/** A way that the demand of accuracy, a rule, the algorithm or the provider refuses. */
export interface RefusedOffer extends Way {
  readonly refusal: Refusal;
}

export type ConvOffer = ProgramOffer | RefusedOffer;

/**
 * Every variant of every algorithm for one problem, in their order: with its program and needs, or with why it is
 * refused. Whoever plans, times or compares candidates asks here, so that all see the same ones. Pure; allocates the
 * data of the programs.
 */
export function offersOf(problem: ConvProblem, context: VariantContext, options: OfferOptions): readonly ConvOffer[] {
  const { algorithms, accuracy, threads = 1, rules = [] } = options;
  return algorithms.flatMap((algorithm) =>
    accurateOffers(algorithm, problem, { ...context, threads }, accuracy).map(({ variant, refusal }): ConvOffer => {
      const ruled = firstRefusal(rules, problem, algorithm.name, variant) ?? refusal;
      if (ruled) return { algorithm: algorithm.name, variant, refusal: ruled };
      return programOffer(algorithm, problem, variant, options);
    }),
  );
}

/** Whether nothing refuses it. */
export function isTaken(offer: ConvOffer): offer is ProgramOffer {
  return offer.refusal === undefined;
}

function firstRefusal(
  rules: readonly OfferRule[],
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

function programOffer(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  variant: Variant,
  { provider, threads = 1, workspaceBytes: limit = Number.POSITIVE_INFINITY }: OfferOptions,
): ConvOffer {
  const way: Way = { algorithm: algorithm.name, variant };
  try {
    const program = algorithm.program(problem, variant, provider);
    for (const kernel of program.kernels) {
      const refusal = provider.refuses(kernel);
      if (refusal) return { ...way, refusal };
    }
    const needs = requirements(program, provider, threads);
    if (needs.workspaceBytes <= limit) return { ...way, program, needs };
    const reason = `${formatBytes(needs.workspaceBytes)} of workspace, over the limit of ${formatBytes(limit)}`;
    return { ...way, program, needs, refusal: { code: "resource.workspace-limit", reason } };
  } catch (error) {
    // A size beyond the exact integers, say: the other candidates may still do. Anything else is a bug to be seen.
    if (!isConvError(error) || !/^(unsupported\.|resource\.|argument\.overflow)/.test(error.code)) throw error;
    return { ...way, refusal: { code: error.code, reason: error.message } };
  }
}
