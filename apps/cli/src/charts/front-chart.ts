import type { ParetoFront } from "leanconv";
import type { StepChart } from "./step-chart.ts";

const mebibyte = 2 ** 20;

/** The front: a budget between two points gets the smaller one. */
export function frontChart(network: string, { points }: ParetoFront): StepChart {
  const line = points.map(({ totalBytes, seconds }) => [totalBytes / mebibyte, seconds * 1000] as const).reverse();
  return {
    title: `${network}: predicted time for every budget`,
    ...{ x: "budget in all, MiB", y: "predicted, ms" },
    series: [{ name: "fastest plan", step: "end", points: line }],
  };
}
