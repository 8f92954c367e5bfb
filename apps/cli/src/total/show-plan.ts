import type { NetworkPlan } from "leanconv";
import { saveSvg, terminalChart } from "../charts/draw.ts";
import { memoryChart } from "../charts/memory-chart.ts";
import { type Io, writeJson } from "../io.ts";
import type { TotalFlags } from "./total-flags.ts";

/** The plan as a table and drawn, as candidates, or as lines of JSON. */
export async function showPlan(io: Io, network: string, plan: NetworkPlan, flags: TotalFlags): Promise<void> {
  const { json, explain, svg } = flags;
  if (json) writeTotal(io, network, plan, flags);
  else if (explain !== undefined) io.out(`${explained(plan, explain).join("\n\n")}\n`);
  else io.out(`${network}: ${plan.explain()}\n\n${terminalChart(memoryChart(network, plan))}`);
  if (svg !== undefined) await saveSvg(io, svg, `${network}-memory`, memoryChart(network, plan));
}

/** One layer's candidates, or those of all layers. */
function explained(plan: NetworkPlan, explain: string | true): readonly string[] {
  if (explain !== true) return [plan.explain(explain)];
  return plan.nodes.flatMap(({ name, chosen }) => (chosen ? [plan.explain(name)] : []));
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
