import type { Accuracy, ConvProblem, Layer, Plan } from "leanconv";
import { median } from "../harness/median.ts";
import type { Layout } from "../networks/plan-network.ts";
import { type NetworkTimings, problemKey, type TimedCandidate, timingOf } from "./network-timings.ts";

/** How good the choices for one network and budget are. */
export interface PlannerRow extends PlannerRun {
  readonly network: string;
  /** Of workspace, for every layer; null without a limit. */
  readonly budget: number | null;
  readonly chosenMs: number;
  readonly oracleMs: number;
  /** chosenMs / oracleMs - 1. Below 0 where the oracle was misled by noise. */
  readonly regret: number;
  /** The same by medians of the rounds. */
  readonly regretOfMedians: number;
  readonly predictedMs: number;
  /** Of the layers: the median of |predicted - measured| / measured of what was chosen, by the quickest of all rounds. */
  readonly medianPredictionError: number;
  readonly layout: Layout;
  readonly oracleLayout: Layout;
}

/** What all rows of a run have in common. */
export interface PlannerRun {
  /** Identity of the provider. */
  readonly provider: string;
  readonly node: string;
  readonly threads: number;
  readonly accuracy: Accuracy;
  /** Where predictions come from: this run's own calibration, the shipped constants, or a file. */
  readonly constants: "calibrated" | "shipped" | "file";
}

export type Score = Omit<PlannerRow, keyof PlannerRun | "network" | "budget">;

/** Of some samples of a candidate, what it took. */
type Statistic = (samples: readonly number[]) => number;

/** Other work makes samples longer, never shorter, and sometimes most of the few that a half has. */
const quickest: Statistic = (samples) => Math.min(...samples);

/**
 * Scores a plan against the best that hindsight finds: the oracle picks the fastest candidates, in the better of the two
 * layouts, by the odd rounds, and both are scored on the even ones, so that neither gains from noise in its own favour.
 */
export function scorePlan(
  layers: readonly Layer[],
  planned: { readonly plan: Plan; readonly layout: Layout },
  timings: NetworkTimings,
  budget: number,
): Score {
  const { plan, layout } = planned;
  const chosen = plan.layers.map((layer) => timingOf(timings, layer));
  const { chosenMs, oracleMs, oracleLayout } = compared(layers, chosen, timings, budget, quickest);
  const medians = compared(layers, chosen, timings, budget, median);
  const errors = plan.layers.map((layer, i) => Math.abs(layer.chosen.seconds / quickest(chosen[i].samples) - 1));
  return {
    ...{ chosenMs, oracleMs, regret: chosenMs / oracleMs - 1 },
    regretOfMedians: medians.chosenMs / medians.oracleMs - 1,
    ...{ predictedMs: 1000 * plan.seconds, medianPredictionError: median(errors), layout, oracleLayout },
  };
}

function compared(
  layers: readonly Layer[],
  chosen: readonly TimedCandidate[],
  timings: NetworkTimings,
  budget: number,
  statistic: Statistic,
): Pick<PlannerRow, "chosenMs" | "oracleMs" | "oracleLayout"> {
  // The first round, the third and so on; the others.
  const odd = ({ samples }: TimedCandidate): number => statistic(samples.filter((_, round) => round % 2 === 0));
  const even = ({ samples }: TimedCandidate): number => statistic(samples.filter((_, round) => round % 2 === 1));
  const fitting = (problem: ConvProblem, layout: Layout): readonly TimedCandidate[] =>
    timings[problemKey(problem)].filter((one) => one.layout === layout && one.workspaceBytes <= budget);
  const layouts = (["nchw", "nhwc"] as const).filter((layout) =>
    layers.every(({ problem }) => fitting(problem, layout).length > 0),
  );
  const oracles = layouts.map((oracleLayout) => {
    const picked = layers.map(({ problem }) =>
      fitting(problem, oracleLayout).reduce((best, one) => (odd(one) < odd(best) ? one : best)),
    );
    return { oracleLayout, odd: sum(picked.map(odd)), oracleMs: 1000 * sum(picked.map(even)) };
  });
  const { oracleMs, oracleLayout } = oracles.reduce((best, one) => (one.odd < best.odd ? one : best));
  return { chosenMs: 1000 * sum(chosen.map(even)), oracleMs, oracleLayout };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
