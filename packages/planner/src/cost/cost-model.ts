import type { ConvProblem, ImageShape, Requirements, Variant } from "@leanconv/conv";
import type { Capabilities } from "@leanconv/gemm";
import type { FunctionNode } from "./function-terms.ts";

/** The candidate behind some requirements, for models that have timed it. */
export interface PricedCandidate {
  readonly problem: ConvProblem;
  readonly algorithm: string;
  readonly variant: Variant;
}

/**
 * Predicts how long a program takes from what it asks for: the list of its GEMMs and the bytes it moves. Predictions do
 * not depend on an algorithm's name, so that a new algorithm needs no new model; only measured times are looked up by it.
 */
export interface CostModel {
  /** Stands in plans: predictions of different models cannot be compared. */
  readonly name: string;
  /** Pure: equal arguments give equal seconds. Of one run with so many threads, default 1. */
  seconds(
    requirements: Requirements,
    capabilities: Capabilities,
    candidate?: PricedCandidate,
    threads?: number,
  ): number;
  /** Of a pool or a normalisation, which plain loops compute on one thread. Default: those of the shipped constants. */
  nodeSeconds?(node: FunctionNode, input: ImageShape, output: ImageShape, layout: Variant["inputLayout"]): number;
}
