import { aliveAt, type NetworkPlan } from "leanconv";
import type { StepChart } from "./step-chart.ts";

const mebibyte = 2 ** 20;

/** What is alive at every step, under what the arena takes for it. */
export function memoryChart(network: string, plan: NetworkPlan): StepChart {
  const alive = aliveAt(plan).map((bytes, step) => [step, bytes / mebibyte] as const);
  const arena = alive.map(([step]) => [step, plan.memory.arenaBytes / mebibyte] as const);
  return {
    title: `${network}: tensors and workspace over the steps`,
    ...{ x: "step", y: "alive, MiB" },
    names: plan.steps,
    series: [
      { name: "alive", step: "end", points: alive },
      { name: "arena", step: "end", points: arena },
    ],
  };
}
