import { Command } from "commander";
import {
  convError,
  errorWithin,
  formatBytes,
  formatSeconds,
  formatVariant,
  type GemmProvider,
  type LayerPlan,
  type NetworkPlan,
  parsePlan,
} from "leanconv";
import ora from "ora";
import { chooseProvider } from "../choose-provider.ts";
import type { ExitCode } from "../cli.ts";
import { type Io, type Palette, palette, writeJson } from "../io.ts";
import { comparedWith, im2colCell, largestIm2col, layerRow } from "../layer-row.ts";
import { type PlannedNetwork, planNetworks } from "../plan-networks.ts";
import { type PlanFlags, withPlanOptions } from "../plan-options.ts";
import { readText } from "../read-layers.ts";
import { type MeasuredLayer, runLayer } from "../run-layer.ts";
import { shortProblem } from "../short-problem.ts";
import { type Column, rowPrinter } from "../table.ts";
import { withThreads } from "../threads.ts";
import { runTotal } from "../total/run-total.ts";

interface Flags extends PlanFlags {
  readonly seed: number;
  readonly plan?: string;
}

/** `leanconv run`: plans, computes every layer, checks every output, says what it took. */
export function runCommand(io: Io, report: (code: ExitCode) => void): Command {
  return withPlanOptions(new Command("run"), "[network]")
    .description("plan, then run every layer on made-up values and check every output against float64")
    .option("--seed <number>", "whole number that the values are made from", parseSeed, 1)
    .option("--plan <file>", "run what `leanconv plan -o` wrote, instead of planning")
    .action(async (source: string | undefined, flags: Flags, command: Command) => {
      if (flags.plan !== undefined) checkOptions(command, flags.plan);
      const { provider, networks, network } = await whatToRun(io, source, flags);
      let good = true;
      try {
        if (network) good = await runTotal(io, network, provider, flags);
        for (const planned of networks) {
          const rows = await runNetwork(io, planned, provider, flags);
          good &&= rows.every(({ wrong }) => wrong === 0);
        }
      } catch (cause) {
        throw flags.plan === undefined ? cause : errorWithin(`--plan ${flags.plan}`, cause);
      } finally {
        provider.dispose();
      }
      report(good ? 0 : 1);
    });
}

/** Layers to run one by one, or one network as a whole; the provider is open. */
interface ToRun {
  readonly provider: GemmProvider;
  readonly networks: readonly PlannedNetwork[];
  readonly network?: NetworkPlan;
}

async function whatToRun(io: Io, source: string | undefined, flags: Flags): Promise<ToRun> {
  if ((source === undefined) === (flags.plan === undefined)) {
    const got = source === undefined ? "neither" : "both";
    throw convError("argument.name", { where: "run", what: "a network or a plan", got, wanted: "one of them" });
  }
  if (source !== undefined) return planNetworks(io, source, flags);
  const file = flags.plan as string;
  const { plan, provider } = await openPlan(file);
  return plan.kind === "network"
    ? { provider, networks: [], network: plan }
    : { provider, networks: [{ network: file, plan }] };
}

/** A plan with the provider that it was made for. @throws the codes of `parsePlan` and `chooseProvider` */
async function openPlan(
  file: string,
): Promise<{ readonly plan: ReturnType<typeof parsePlan>; readonly provider: GemmProvider }> {
  const text = readText(file);
  try {
    const plan = parsePlan(text);
    return { plan, provider: await chooseProvider(plan.provider.name, plan.provider.threads) };
  } catch (cause) {
    throw errorWithin(`--plan ${file}`, cause);
  }
}

/** What a plan says already cannot be asked for again. @throws `argument.format` */
function checkOptions(command: Command, file: string): void {
  const besides = command.options.filter(
    (option) => command.getOptionValueSource(option.attributeName()) === "cli" && !ofAnyRun.has(option.attributeName()),
  );
  if (besides.length === 0) return;
  const got = besides.map(({ long }) => long).join(", ");
  const fix = "leave it out, or plan again";
  throw convError("argument.format", { where: `--plan ${file}`, what: "the plan says this already", got, fix });
}

const ofAnyRun: ReadonlySet<string> = new Set(["plan", "seed", "json"]);

async function runNetwork(
  io: Io,
  planned: PlannedNetwork,
  provider: GemmProvider,
  { json, seed }: Flags,
): Promise<readonly MeasuredLayer[]> {
  const output = json ? jsonOutput(io, planned) : tableOutput(io, planned);
  const results: MeasuredLayer[] = [];
  output.begin();
  for (const layer of planned.plan.layers) {
    const spinner = io.progress ? ora({ text: layer.name, discardStdin: false }).start() : undefined;
    const result = await runLayer(layer, provider, seed).finally(() => spinner?.stop());
    results.push(result);
    output.layer(layer, result);
  }
  output.end(summarise(planned, results));
  return results;
}

interface Output {
  begin(): void;
  layer(layer: LayerPlan, result: MeasuredLayer): void;
  end(summary: Summary): void;
}

interface Summary {
  readonly network: string;
  readonly provider: string;
  readonly threads: number;
  readonly budgetBytes: number | null;
  readonly layers: number;
  readonly verified: number;
  readonly positions: number;
  readonly workspaceBytes: number;
  readonly im2colBytes: number;
  readonly predictedMs: number;
  readonly ms: number;
  readonly gflops: number;
  readonly maxError: number;
}

function summarise({ network, plan }: PlannedNetwork, results: readonly MeasuredLayer[]): Summary {
  const ms = results.reduce((sum, one) => sum + one.ms, 0);
  const macs = plan.layers.reduce((sum, { problem }) => sum + problem.macs, 0);
  return {
    ...{ network, provider: plan.provider.identity, threads: plan.threads },
    ...{ budgetBytes: plan.budget.workspaceBytes ?? null },
    layers: results.length,
    verified: results.filter(({ wrong }) => wrong === 0).length,
    positions: results.reduce((sum, one) => sum + one.positions, 0),
    workspaceBytes: plan.workspaceBytes,
    im2colBytes: largestIm2col(plan.layers),
    ...{ predictedMs: plan.seconds * 1000, ms, gflops: ms === 0 ? 0 : (2 * macs) / (ms * 1e6) },
    maxError: results.reduce((worst, one) => (one.maxError <= worst ? worst : one.maxError), 0),
  };
}

function jsonOutput(io: Io, { network }: PlannedNetwork): Output {
  return {
    begin() {},
    layer(layer, { ms, gflops, maxError, positions, wrong, heapBytes }) {
      writeJson(io, { ...layerRow(network, layer), heapBytes, ms, gflops, maxError, positions, verified: wrong === 0 });
    },
    end: (summary) => writeJson(io, { summary }),
  };
}

const columns: readonly Column[] = [
  { title: "layer" },
  { title: "problem" },
  { title: "algorithm" },
  { title: "form" },
  { title: "workspace", right: true },
  { title: "full im2col", right: true },
  { title: "predicted", right: true },
  { title: "measured", right: true, width: 10 },
  { title: "GFLOP/s", right: true },
  { title: "error", right: true, width: 8 },
];

/** Rows as the layers finish; the columns are as wide as the plan asks for. */
function tableOutput(io: Io, { network, plan }: PlannedNetwork): Output {
  const colors = palette(io);
  const planned = (layer: LayerPlan): readonly string[] => {
    const { algorithm, variant, workspaceBytes, seconds } = layer.chosen;
    const sizes = [formatBytes(workspaceBytes), im2colCell(layer.problem)];
    return [
      layer.name,
      shortProblem(layer.problem),
      algorithm,
      formatVariant(variant),
      ...sizes,
      `${(seconds * 1000).toFixed(2)} ms`,
    ];
  };
  const printer = rowPrinter(columns, plan.layers.map(planned), colors);
  const limit = plan.budget.workspaceBytes;
  return {
    begin() {
      const allowed = limit === undefined ? "any workspace" : `at most ${formatBytes(limit)} of workspace`;
      const title = `Running the ${plan.layers.length} convolutions of ${colors.bold(network)} with ${allowed}, provider ${withThreads(plan)}.`;
      io.out(`${title}\nEvery output is compared with float64 sums at 256 positions or more.\n\n${printer.head()}`);
    },
    layer(layer, { ms, gflops, maxError, wrong }) {
      const error = maxError.toExponential(1);
      const verdict = wrong === 0 ? error : colors.red(`WRONG ${error}`);
      io.out(printer.row([...planned(layer), `${ms.toFixed(2)} ms`, gflops.toFixed(2), verdict]));
    },
    end: (summary) => io.out(`\n${closing(summary, colors)}\n`),
  };
}

function closing(summary: Summary, colors: Palette): string {
  const { layers, verified, positions, workspaceBytes, im2colBytes, ms, predictedMs, gflops } = summary;
  const all = verified === layers;
  const verdict = all
    ? colors.green(`All ${layers} layers verified`)
    : colors.red(`${layers - verified} of ${layers} layers WRONG`);
  return (
    `${verdict} at ${positions} positions. Largest workspace ${colors.bold(formatBytes(workspaceBytes))}; ` +
    `full im2col needs ${formatBytes(im2colBytes)} (${comparedWith(im2colBytes, workspaceBytes)}).\n` +
    `${formatSeconds(ms / 1000)} in all (predicted ${formatSeconds(predictedMs / 1000)}), ${gflops.toFixed(2)} GFLOP/s.`
  );
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(seed)) return seed;
  throw convError("argument.format", { where: "--seed", what: "not a whole number", got: text });
}
