import { Command } from "commander";
import { convError, formatBytes, formatSeconds, formatVariant, type Plan } from "leanconv";
import type { ExitCode } from "../cli.ts";
import { type Io, palette, writeJson } from "../io.ts";
import { comparedWith, im2colCell, largestIm2col, layerRow } from "../layer-row.ts";
import { checkPlanFile, writePlanFile } from "../plan-file.ts";
import { type PlannedNetwork, planNetworks } from "../plan-networks.ts";
import { withPlanOptions } from "../plan-options.ts";
import { readLayers } from "../read-layers.ts";
import { shortProblem } from "../short-problem.ts";
import { type Column, wholeTable } from "../table.ts";
import { withThreads } from "../threads.ts";
import { planTotal } from "../total/plan-total.ts";
import type { TotalFlags } from "../total/total-flags.ts";

interface Flags extends TotalFlags {
  readonly total?: true;
}

/** `leanconv plan`: chooses an algorithm per layer and computes nothing. */
export function planCommand(io: Io, report: (code: ExitCode) => void): Command {
  return withPlanOptions(new Command("plan"))
    .description("choose an algorithm for every layer within a workspace budget, or within one for everything")
    .option("--total", "the budget is for everything: weights, tensors, workspace; layouts are chosen as well")
    .option("--pareto", "every plan worth having, from the fastest to the smallest; goes with --total")
    .option("--explain [layer]", "every candidate and why it was not chosen, of one layer or of all")
    .option("-o, --output <file>", "write the plan as JSON, for `leanconv run --plan`")
    .option("--svg <folder>", "draw memory over time, and the front with --pareto; goes with --total")
    .action(async (source: string, flags: Flags, command: Command) => {
      if (flags.total || flags.pareto) {
        // A layout of the caller's is kept to; the default is not one.
        const layout = command.getOptionValueSource("layout") === "cli" ? flags.layout : undefined;
        await planTotal(io, source, flags, layout);
        report(0);
        return;
      }
      if (flags.svg !== undefined) throw onlyTotal("--svg");
      const { output } = flags;
      if (output !== undefined) checkPlanFile(output, source, readLayers(source).length);
      const { provider, networks } = await planNetworks(io, source, flags);
      provider.dispose();
      if (output !== undefined) writePlanFile(output, networks[0].plan);
      for (const planned of networks) {
        if (flags.json) writeRows(io, planned, flags);
        else if (flags.explain !== undefined) io.out(`${explanations(planned.plan, flags.explain).join("\n\n")}\n`);
        else io.out(table(io, planned));
      }
      report(0);
    });
}

function onlyTotal(where: string): Error {
  return convError("argument.name", {
    where,
    what: "only a plan of everything has a memory over time",
    fix: "add --total",
  });
}

function explanations(plan: Plan, explain: string | true): readonly string[] {
  return explain === true ? plan.layers.map(({ name }) => plan.explain(name)) : [plan.explain(explain)];
}

function writeRows(io: Io, { network, plan }: PlannedNetwork, { explain }: Flags): void {
  if (typeof explain === "string") plan.explain(explain);
  for (const layer of plan.layers) {
    const wanted = explain === true || explain === layer.name;
    writeJson(io, { ...layerRow(network, layer), ...(wanted && { candidates: layer.candidates }) });
  }
  const { provider, threads, budget, model, workspaceBytes, packedBytes, seconds } = plan;
  const totals = {
    workspaceBytes,
    im2colBytes: largestIm2col(plan.layers),
    packedBytes,
    predictedMs: seconds * 1000,
  };
  const summary = { network, layers: plan.layers.length, provider: provider.identity, threads, model };
  writeJson(io, { summary: { ...summary, budgetBytes: budget.workspaceBytes ?? null, ...totals } });
}

const columns: readonly Column[] = [
  { title: "layer" },
  { title: "problem" },
  { title: "algorithm" },
  { title: "form" },
  { title: "workspace", right: true },
  { title: "full im2col", right: true },
  { title: "packed", right: true },
  { title: "predicted", right: true },
];

function table(io: Io, { network, plan }: PlannedNetwork): string {
  const colors = palette(io);
  const rows = plan.layers.map((layer) => {
    const { algorithm, variant, workspaceBytes, packedBytes, seconds } = layer.chosen;
    const sizes = [formatBytes(workspaceBytes), im2colCell(layer.problem), formatBytes(packedBytes)];
    const choice = [algorithm, formatVariant(variant), ...sizes, formatSeconds(seconds)];
    return [layer.name, shortProblem(layer.problem), ...choice];
  });
  const im2col = largestIm2col(plan.layers);
  const limit = plan.budget.workspaceBytes;
  const title = `${colors.bold(network)}: ${plan.layers.length} layers, provider ${withThreads(plan)}, ${
    limit === undefined ? "no limit on workspace" : `at most ${formatBytes(limit)} of workspace`
  }`;
  const totals =
    `workspace ${colors.bold(formatBytes(plan.workspaceBytes))} (full im2col ${formatBytes(im2col)}, ` +
    `${comparedWith(im2col, plan.workspaceBytes)}), packed weights ${formatBytes(plan.packedBytes)}, ` +
    `predicted ${formatSeconds(plan.seconds)} (cost model ${plan.model})`;
  const { outside } = plan.provider;
  const note = outside === undefined ? "" : `not in these bytes: ${outside}\n`;
  return `${title}\n\n${wholeTable(columns, rows, colors)}\n${totals}\n${note}`;
}
