import type { ConvProblem, Layer, Plan } from "leanconv";
import { median } from "../harness/median.ts";
import type { Layout } from "../networks/plan-network.ts";
import { type NetworkTimings, problemKey, type TimedCandidate, timingOf } from "./network-timings.ts";

/** How good the choices for one network and budget are. */
export interface PlannerRow {
  readonly network: string;
  /** Of workspace, for every layer; null without a limit. */
  readonly budget: number | null;
  readonly chosenMs: number;
  readonly oracleMs: number;
  /** chosenMs / oracleMs - 1. Below 0 where the oracle was misled by noise. */
  readonly regret: number;
  readonly predictedMs: number;
  /** Of the layers: the median of |predicted - measured| / measured of what was chosen. */
  readonly medianPredictionError: number;
  readonly layout: Layout;
  readonly oracleLayout: Layout;
}

/**
 * Scores a plan against the best that hindsight finds: the oracle picks the fastest candidates, in the better of the two
 * layouts, by the odd rounds, and both are scored on the even ones, so that neither gains from noise in its own favour.
 */
export function scorePlan(
  layers: readonly Layer[],
  { plan, layout }: { readonly plan: Plan; readonly layout: Layout },
  timings: NetworkTimings,
  budget: number,
): Omit<PlannerRow, "network" | "budget"> {
  const chosen = plan.layers.map((layer) => timingOf(timings, layer));
  const chosenMs = 1000 * sum(chosen.map(even));
  const errors = plan.layers.map((layer, i) => Math.abs(layer.chosen.seconds / median(chosen[i].samples) - 1));
  const { oracleMs, oracleLayout } = oracle(layers, timings, budget);
  return {
    ...{ chosenMs, oracleMs, regret: chosenMs / oracleMs - 1 },
    ...{ predictedMs: 1000 * plan.seconds, medianPredictionError: median(errors), layout, oracleLayout },
  };
}

function oracle(
  layers: readonly Layer[],
  timings: NetworkTimings,
  budget: number,
): Pick<PlannerRow, "oracleMs" | "oracleLayout"> {
  const fitting = (problem: ConvProblem, layout: Layout): readonly TimedCandidate[] =>
    timings[problemKey(problem)].filter((one) => one.layout === layout && one.workspaceBytes <= budget);
  const layouts = (["nchw", "nhwc"] as const).filter((layout) =>
    layers.every(({ problem }) => fitting(problem, layout).length > 0),
  );
  const sums = layouts.map((layout) => {
    const picked = layers.map(({ problem }) =>
      fitting(problem, layout).reduce((best, one) => (odd(one) < odd(best) ? one : best)),
    );
    return { oracleLayout: layout, odd: sum(picked.map(odd)), oracleMs: 1000 * sum(picked.map(even)) };
  });
  return sums.reduce((best, one) => (one.odd < best.odd ? one : best));
}

/** The rounds that the oracle picks by: the first, the third and so on. */
function odd({ samples }: TimedCandidate): number {
  return median(samples.filter((_, round) => round % 2 === 0));
}

/** The rounds that everybody is scored on. */
function even({ samples }: TimedCandidate): number {
  return median(samples.filter((_, round) => round % 2 === 1));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
