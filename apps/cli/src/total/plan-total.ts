import { writeFileSync } from "node:fs";
import {
  allAlgorithms,
  convError,
  formatBytes,
  formatSeconds,
  type ImageLayout,
  type NetworkOptions,
  type NetworkPlan,
  type ParetoFront,
  paretoFront,
  pickAlgorithms,
  planNetwork,
} from "leanconv";
import { terminalChart, writeSvg } from "../charts/draw.ts";
import { frontChart } from "../charts/front-chart.ts";
import { memoryChart } from "../charts/memory-chart.ts";
import { chosenModel } from "../chosen-model.ts";
import { type Io, palette, writeJson } from "../io.ts";
import type { PlanFlags } from "../plan-options.ts";
import { readNetworks } from "../read-network.ts";
import { wholeTable } from "../table.ts";
import { openThreaded } from "../threads.ts";

export interface TotalFlags extends PlanFlags {
  readonly explain?: string | true;
  readonly pareto?: true;
  readonly output?: string;
  readonly svg?: string;
}

/** `leanconv plan --total`: a budget for everything, layouts and algorithms chosen together. */
export async function planTotal(
  io: Io,
  source: string,
  flags: TotalFlags,
  layout: ImageLayout | undefined,
): Promise<void> {
  const named = readNetworks(source);
  if (flags.output !== undefined && named.length > 1) {
    throw convError("argument.name", {
      where: "--output",
      what: "a file of several networks has several plans",
      got: source,
    });
  }
  const { threads } = flags;
  const provider = await openThreaded(flags.provider, threads);
  try {
    const algorithms = pickAlgorithms(allAlgorithms, flags, "--algorithm");
    for (const { network, graph } of named) {
      const model = await chosenModel(io, { input: graph, name: network, algorithms, provider, threads }, flags);
      const options: NetworkOptions = {
        ...{ algorithms, provider, threads, accuracy: flags.accuracy, budgetBytes: flags.budget },
        ...{ model, inputLayout: layout, outputLayout: layout },
      };
      if (flags.pareto) {
        const front = paretoFront(graph, options);
        if (flags.json) writeFront(io, network, front);
        else io.out(frontTable(io, network, front));
        await drawFront(io, network, front, flags);
        savePlan(front.points[0].plan, flags.output);
        continue;
      }
      const plan = planNetwork(graph, options);
      if (flags.json) writeTotal(io, network, plan, flags);
      else if (flags.explain !== undefined) io.out(`${explained(plan, flags.explain).join("\n\n")}\n`);
      else io.out(`${network}: ${plan.explain()}\n`);
      if (flags.svg !== undefined) say(io, await writeSvg(flags.svg, `${network}-memory`, memoryChart(network, plan)));
      savePlan(plan, flags.output);
    }
  } finally {
    provider.dispose();
  }
}

/** One layer's candidates, or those of all layers. */
function explained(plan: NetworkPlan, explain: string | true): readonly string[] {
  if (explain !== true) return [plan.explain(explain)];
  return plan.nodes.flatMap(({ name, chosen }) => (chosen ? [plan.explain(name)] : []));
}

function savePlan(plan: NetworkPlan, path: string | undefined): void {
  if (path !== undefined) writeFileSync(path, `${JSON.stringify(plan)}\n`);
}

function writeTotal(io: Io, network: string, plan: NetworkPlan, { explain }: TotalFlags): void {
  if (typeof explain === "string") plan.explain(explain);
  plan.nodes.forEach(({ name, chosen, inputLayout, outputLayout, seconds, candidates }, place) => {
    const { kind } = plan.graph.nodes[place];
    const wanted = candidates !== undefined && (explain === true || explain === name);
    writeJson(io, {
      ...{ network, node: name, kind, inputLayout, outputLayout, predictedMs: seconds * 1000 },
      ...(chosen && { algorithm: chosen.algorithm, form: chosen.variant.form, parameters: chosen.variant.parameters }),
      ...(chosen && { workspaceBytes: chosen.workspaceBytes, packedBytes: chosen.packedBytes }),
      ...(wanted && { candidates: plan.candidates[candidates] }),
    });
  });
  writeJson(io, { summary: { network, ...summaryOf(plan) } });
}

function summaryOf(plan: NetworkPlan): Readonly<Record<string, unknown>> {
  const { provider, threads, model, budgetBytes, memory, seconds, optimal, boundSeconds, savedByOneMoreMiB } = plan;
  return {
    ...{ provider: provider.identity, threads, model, budgetBytes: budgetBytes ?? null, ...memory },
    ...{ predictedMs: seconds * 1000, optimal, boundMs: boundSeconds * 1000 },
    ...(savedByOneMoreMiB !== undefined && { savedMsByOneMoreMiB: savedByOneMoreMiB * 1000 }),
  };
}

function writeFront(io: Io, network: string, { points, exact }: ParetoFront): void {
  for (const { plan, totalBytes, seconds, savedByOneMoreMiB } of points) {
    const { arenaBytes, packedBytes } = plan.memory;
    const own = { network, totalBytes, arenaBytes, packedBytes, predictedMs: seconds * 1000 };
    writeJson(io, { ...own, savedMsByOneMoreMiB: savedByOneMoreMiB * 1000, optimal: plan.optimal });
  }
  writeJson(io, { summary: { network, points: points.length, exact } });
}

function frontTable(io: Io, network: string, { points, exact }: ParetoFront): string {
  const colors = palette(io);
  const right = true;
  const columns = ["in all", "tensors and workspace", "packed", "predicted", "one MiB more saves"].map((title) => ({
    title,
    right,
  }));
  const rows = points.map(({ plan, totalBytes, seconds, savedByOneMoreMiB }) => [
    ...[totalBytes, plan.memory.arenaBytes, plan.memory.packedBytes].map(formatBytes),
    ...[formatSeconds(seconds), savedByOneMoreMiB > 0 ? formatSeconds(savedByOneMoreMiB) : "nothing"],
  ]);
  const count = points.length === 1 ? "1 plan is" : `${points.length} plans are`;
  const claim = exact ? "no plan is faster and smaller" : "some searches were cut short";
  return `${colors.bold(network)}: ${count} worth having; ${claim}\n\n${wholeTable(columns, rows, colors)}\n`;
}

async function drawFront(io: Io, network: string, front: ParetoFront, { json, svg }: TotalFlags): Promise<void> {
  const [{ plan }] = front.points;
  if (!json) io.out([frontChart(network, front), memoryChart(network, plan)].map(terminalChart).join("\n"));
  if (svg === undefined) return;
  say(io, await writeSvg(svg, `${network}-pareto`, frontChart(network, front)));
  say(io, await writeSvg(svg, `${network}-memory`, memoryChart(network, plan)));
}

function say(io: Io, path: string): void {
  io.err(`leanconv: wrote ${path}\n`);
}
