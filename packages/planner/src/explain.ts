import { formatProblem, type Variant } from "@leanconv/conv";
import { type Candidate, isRated, type LayerPlan, type PlanData } from "./plan.ts";
import { type Column, textTable } from "./text-table.ts";
import { formatBytes, formatSeconds } from "./units.ts";

/** A form with its parameters, as tables show it: `strip rows=8`, and `rows/2` where the form is named like its parameter. */
export function formatVariant({ form, parameters }: Variant): string {
  const { [form]: own, ...others } = parameters;
  const rest = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  return [own === undefined ? form : `${form}/${own}`, ...rest].join(" ");
}

const overview: readonly Column[] = [
  { title: "layer" },
  { title: "problem" },
  { title: "algorithm" },
  { title: "form" },
  { title: "workspace", right: true },
  { title: "packed", right: true },
  { title: "predicted", right: true },
];

/** All layers with their choice, and the totals. */
export function explainPlan(plan: PlanData): string {
  const rows = plan.layers.map(({ name, problem, chosen }) => [
    name,
    formatProblem(problem),
    chosen.algorithm,
    formatVariant(chosen.variant),
    formatBytes(chosen.workspaceBytes),
    formatBytes(chosen.packedBytes),
    formatSeconds(chosen.seconds),
  ]);
  const totals = [formatBytes(plan.workspaceBytes), formatBytes(plan.packedBytes), formatSeconds(plan.seconds)];
  return `${header(plan)}\n${textTable(overview, rows, ["total", "", "", "", ...totals])}`;
}

const candidateColumns: readonly Column[] = [
  { title: "algorithm" },
  { title: "form" },
  { title: "workspace", right: true },
  { title: "packed", right: true },
  { title: "predicted", right: true },
  { title: "status" },
  { title: "why" },
];

/** All candidates of one layer, each with why it was or was not chosen. */
export function explainLayer(plan: PlanData, { name, problem, candidates }: LayerPlan): string {
  const rows = candidates.map((candidate) => [
    candidate.algorithm,
    formatVariant(candidate.variant),
    ...numbers(candidate),
    candidate.status,
    candidate.reason,
  ]);
  return `${name}  ${formatProblem(problem)}\n${header(plan)}\n${textTable(candidateColumns, rows)}`;
}

function numbers(candidate: Candidate): string[] {
  if (!isRated(candidate)) return ["-", "-", "-"];
  const { workspaceBytes, packedBytes, seconds } = candidate;
  return [formatBytes(workspaceBytes), formatBytes(packedBytes), formatSeconds(seconds)];
}

function header({ provider, threads, budget, accuracy, model }: PlanData): string {
  const limit = budget.workspaceBytes === undefined ? "no limit" : `at most ${formatBytes(budget.workspaceBytes)}`;
  const head = `provider ${provider.identity}, ${threads === 1 ? "1 thread" : `${threads} threads`}, ${limit} of workspace, accuracy ${accuracy}, cost model ${model}`;
  return provider.outside === undefined ? head : `${head}\nnot in these bytes: ${provider.outside}`;
}
