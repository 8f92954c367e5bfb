import { readFileSync } from "node:fs";
import type { KernelVariant } from "@leanconv/wasm-kernels";
import {
  type Accuracy,
  type CostModel,
  calibrate,
  checkProfile,
  defaultCostModel,
  formatBytes,
  type GemmProvider,
  parseProfile,
  profileCostModel,
} from "leanconv";
import { announceMachine } from "../harness/machine.ts";
import { median } from "../harness/median.ts";
import { progress } from "../harness/progress.ts";
import { type Column, Report } from "../harness/report.ts";
import { round } from "../harness/round.ts";
import { benchLayers } from "../networks/bench-layers.ts";
import { planNetwork } from "../networks/plan-network.ts";
import { openProvider } from "../providers.ts";
import { timeNetwork } from "./network-timings.ts";
import { type PlannerRow, type PlannerRun, type Score, scorePlan } from "./score.ts";

export interface PlannerOptions {
  readonly networks: readonly string[];
  readonly provider: string;
  readonly variant: KernelVariant;
  readonly threads: number;
  /** Infinity for none. */
  readonly budgets: readonly number[];
  readonly rounds: number;
  readonly accuracy: Accuracy;
  /** A file, or the shipped constants; default: calibrates first. */
  readonly profile?: string;
  readonly uncalibrated: boolean;
  readonly timings?: string;
  readonly json: boolean;
}

/** Times every candidate of every layer and scores what the planner chooses, which has not seen these times. */
export async function plannerBench(options: PlannerOptions): Promise<void> {
  announceMachine();
  const { networks, budgets, threads, accuracy } = options;
  const provider = await openProvider(options.provider, options);
  try {
    const model = await chosenModel(provider, options);
    progress(`${provider.identity}, ${threads} thread(s), cost model ${model.name}`);
    const run: PlannerRun = {
      ...{ provider: provider.identity, node: process.versions.node, threads, accuracy },
      constants: options.uncalibrated ? "shipped" : options.profile ? "file" : "calibrated",
    };
    const report = new Report<PlannerRow>(columns, options.json);
    const regrets: number[] = [];
    for (const network of networks) {
      const layers = benchLayers(network);
      const timings = await timeNetwork(network, provider, options);
      for (const budget of budgets) {
        const planned = planNetwork(layers, provider, {
          ...{ layout: "auto", threads, budget, accuracy, model },
          exclusiveInputs: true,
        });
        const score = scorePlan(layers, planned, timings, budget);
        regrets.push(score.regret);
        report.add({ network, budget: Number.isFinite(budget) ? budget : null, ...rounded(score), ...run });
      }
    }
    report.end();
    const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
    progress(`regret: median ${percent(median(regrets))}, largest ${percent(Math.max(...regrets))}`);
  } finally {
    provider.dispose();
  }
}

/** Where nothing else is asked for, the machine is calibrated as users do it, before any layer is timed. */
async function chosenModel(provider: GemmProvider, options: PlannerOptions): Promise<CostModel> {
  const { profile: file, uncalibrated, threads } = options;
  if (uncalibrated) return defaultCostModel(provider.name, provider.identity);
  const profile = file ? parseProfile(readFileSync(file, "utf8")) : await calibrate(provider, { threads });
  checkProfile(profile, provider, threads);
  return profileCostModel(profile);
}

function rounded(score: Score): Score {
  const { chosenMs, oracleMs, regret, regretOfMedians, predictedMs, medianPredictionError } = score;
  return {
    ...score,
    ...{ chosenMs: round(chosenMs, 3), oracleMs: round(oracleMs, 3), regret: round(regret, 4) },
    regretOfMedians: round(regretOfMedians, 4),
    ...{ predictedMs: round(predictedMs, 3), medianPredictionError: round(medianPredictionError, 3) },
  };
}

const columns: readonly Column<PlannerRow>[] = [
  { name: "network", cell: ({ network }) => network, text: true },
  { name: "budget", cell: ({ budget }) => formatBytes(budget ?? Number.POSITIVE_INFINITY) },
  { name: "layout", cell: ({ layout }) => layout, text: true },
  { name: "oracle's", cell: ({ oracleLayout }) => oracleLayout, text: true },
  { name: "chosen ms", cell: ({ chosenMs }) => chosenMs.toFixed(3) },
  { name: "oracle ms", cell: ({ oracleMs }) => oracleMs.toFixed(3) },
  { name: "regret", cell: ({ regret }) => `${(100 * regret).toFixed(1)} %` },
  { name: "predicted ms", cell: ({ predictedMs }) => predictedMs.toFixed(3) },
  { name: "prediction error", cell: ({ medianPredictionError }) => `${(100 * medianPredictionError).toFixed(0)} %` },
];
