import { formatBytes, formatSeconds, type ParetoFront } from "leanconv";
import { saveSvg, terminalChart } from "../charts/draw.ts";
import { frontChart } from "../charts/front-chart.ts";
import { memoryChart } from "../charts/memory-chart.ts";
import { type Io, palette, writeJson } from "../io.ts";
import { wholeTable } from "../table.ts";
import type { TotalFlags } from "./total-flags.ts";

/** The front as a table and drawn, with the memory of its fastest plan, or as lines of JSON. */
export async function showFront(io: Io, network: string, front: ParetoFront, { json, svg }: TotalFlags): Promise<void> {
  const charts = {
    pareto: frontChart(network, front),
    memory: memoryChart(network, front.points[0].plan),
  };
  if (json) writeFront(io, network, front);
  else io.out(`${frontTable(io, network, front)}${Object.values(charts).map(terminalChart).join("\n")}`);
  if (svg === undefined) return;
  for (const [name, chart] of Object.entries(charts)) await saveSvg(io, svg, `${network}-${name}`, chart);
}

function writeFront(io: Io, network: string, { points, exact }: ParetoFront): void {
  for (const { plan, totalBytes, seconds, savedByOneMoreMiB } of points) {
    const { arenaBytes, packedBytes } = plan.memory;
    const { threads } = plan;
    const own = { network, threads, totalBytes, arenaBytes, packedBytes, predictedMs: seconds * 1000 };
    writeJson(io, { ...own, savedMsByOneMoreMiB: savedByOneMoreMiB * 1000, optimal: plan.optimal });
  }
  writeJson(io, { summary: { network, points: points.length, exact } });
}

function frontTable(io: Io, network: string, { points, exact }: ParetoFront): string {
  const colors = palette(io);
  const right = true;
  // Worth a column only where the plans differ in it.
  const teams = new Set(points.map(({ plan }) => plan.threads)).size > 1;
  const titles = ["in all", "tensors and workspace", "packed", "predicted", "one MiB more saves"];
  const columns = [...(teams ? ["threads"] : []), ...titles].map((title) => ({ title, right }));
  const rows = points.map(({ plan, totalBytes, seconds, savedByOneMoreMiB }) => [
    ...(teams ? [`${plan.threads}`] : []),
    ...[totalBytes, plan.memory.arenaBytes, plan.memory.packedBytes].map(formatBytes),
    ...[formatSeconds(seconds), savedByOneMoreMiB > 0 ? formatSeconds(savedByOneMoreMiB) : "nothing"],
  ]);
  const count = points.length === 1 ? "1 plan is" : `${points.length} plans are`;
  const claim = exact ? "no plan is faster and smaller" : "some searches were cut short";
  return `${colors.bold(network)}: ${count} worth having; ${claim}\n\n${wholeTable(columns, rows, colors)}\n`;
}
