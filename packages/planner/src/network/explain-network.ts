import { formatProblem } from "@leanconv/conv";
import { formatVariant } from "../explain.ts";
import { isRated } from "../plan.ts";
import { type Column, textTable } from "../text-table.ts";
import { formatBytes, formatSeconds } from "../units.ts";
import { aliveAt } from "./alive.ts";
import type { NetworkPlanData } from "./network-plan.ts";

const columns: readonly Column[] = [
  { title: "step" },
  { title: "what" },
  { title: "algorithm" },
  { title: "form" },
  { title: "layouts" },
  { title: "workspace", right: true },
  { title: "packed", right: true },
  { title: "alive", right: true },
  { title: "predicted", right: true },
];

/** Every step with its choice and what is alive then, the sums, and what the plan is worth. */
export function explainNetwork(plan: NetworkPlanData): string {
  const alive = aliveAt(plan);
  const moves = new Map(
    plan.moves.map((move) => {
      const node = plan.graph.nodes[move.node];
      const source = node.kind === "input" ? "" : node.inputs[move.input];
      return [`copy ${source} for ${node.name}`, move];
    }),
  );
  const places = new Map(plan.nodes.map(({ name }, place) => [name, place]));
  const rows = plan.steps.map((step, at) => {
    const move = moves.get(step);
    if (move !== undefined) {
      const way = `${move.from} > ${move.to}`;
      return [step, "copy", "", "", way, "", "", formatBytes(alive[at]), formatSeconds(move.seconds)];
    }
    const place = places.get(step) as number;
    const node = plan.graph.nodes[place];
    const { chosen, inputLayout, outputLayout, seconds } = plan.nodes[place];
    const way = inputLayout === outputLayout ? inputLayout : `${inputLayout} > ${outputLayout}`;
    const own = chosen
      ? [
          ...[chosen.algorithm, formatVariant(chosen.variant), way],
          ...[formatBytes(chosen.workspaceBytes), formatBytes(chosen.packedBytes)],
        ]
      : ["", "", way, "", ""];
    const what = node.kind === "conv" ? formatProblem(node.problem) : node.kind;
    // A concatenation is its copies.
    const parts = node.kind === "concat" ? plan.moves.filter((move) => move.node === place) : [];
    const all = parts.reduce((sum, move) => sum + move.seconds, seconds);
    return [step, what, ...own, formatBytes(alive[at]), formatSeconds(all)];
  });
  return [
    header(plan),
    textTable(columns, rows, [
      "total",
      "",
      "",
      "",
      "",
      "",
      formatBytes(plan.memory.packedBytes),
      "",
      formatSeconds(plan.seconds),
    ]),
    sumsOf(plan),
  ].join("\n");
}

/** The memory of a plan in one sentence, how good it is in another, and what more memory would buy. */
export function sumsOf({ memory, optimal, seconds, boundSeconds, savedByOneMoreMiB }: NetworkPlanData): string {
  const { providerBytes, packedBytes, tableBytes, arenaBytes, aliveBytes, usedBytes } = memory;
  const { heapBytes, outsideBytes, totalBytes } = memory;
  const gap = arenaBytes === aliveBytes ? "no gap" : `${formatBytes(arenaBytes - aliveBytes)} of gaps`;
  const sum =
    `${formatBytes(totalBytes)} in all: ${formatBytes(packedBytes)} of packed constants, ${formatBytes(arenaBytes)} of ` +
    `tensors and workspace (${gap}), ${formatBytes(tableBytes)} of tables, ${formatBytes(providerBytes)} of the provider's ` +
    `own, ${formatBytes(heapBytes - usedBytes)} to the end of the page` +
    (outsideBytes > 0 ? `, ${formatBytes(outsideBytes)} outside of the heap` : "");
  const worth = optimal
    ? "nothing that fits is predicted to be faster"
    : `the search was cut short: nothing that fits is faster than ${formatSeconds(boundSeconds)}, ` +
      `${((100 * (seconds - boundSeconds)) / seconds).toFixed(1)} % less`;
  if (savedByOneMoreMiB === undefined) return `${sum}\n${worth}`;
  const more = savedByOneMoreMiB > 0 ? `saves ${formatSeconds(savedByOneMoreMiB)}` : "buys nothing";
  return `${sum}\n${worth}\none MiB more ${more}`;
}

const candidateColumns: readonly Column[] = [
  { title: "algorithm" },
  { title: "form" },
  { title: "layouts" },
  { title: "workspace", right: true },
  { title: "packed", right: true },
  { title: "predicted", right: true },
  { title: "status" },
  { title: "why" },
];

/** All candidates of one convolution in all layouts, the chosen one first. */
export function explainCandidates(plan: NetworkPlanData, place: number): string {
  const { name, chosen, candidates } = plan.nodes[place];
  const node = plan.graph.nodes[place];
  const list = plan.candidates[candidates as string];
  const isChosen = (other: (typeof list)[number]): boolean =>
    other.algorithm === chosen?.algorithm && JSON.stringify(other.variant) === JSON.stringify(chosen?.variant);
  const sorted = [...list.filter(isChosen), ...list.filter((other) => !isChosen(other))];
  const rows = sorted.map((candidate) => {
    const { algorithm, variant } = candidate;
    const { inputLayout, outputLayout } = variant;
    const numbers = isRated(candidate)
      ? [formatBytes(candidate.workspaceBytes), formatBytes(candidate.packedBytes), formatSeconds(candidate.seconds)]
      : ["-", "-", "-"];
    const [status, reason] = isChosen(candidate)
      ? ["chosen", chosen?.reason ?? ""]
      : [candidate.status, candidate.reason];
    return [algorithm, formatVariant(variant), `${inputLayout} > ${outputLayout}`, ...numbers, status, reason];
  });
  const problem = node.kind === "conv" ? formatProblem(node.problem) : "";
  return `${name}  ${problem}\n${header(plan)}\n${textTable(candidateColumns, rows)}`;
}

function header({ provider, threads, budgetBytes, accuracy, model }: NetworkPlanData): string {
  const limit = budgetBytes === undefined ? "no limit" : `at most ${formatBytes(budgetBytes)} in all`;
  return `provider ${provider.identity}, ${threads === 1 ? "1 thread" : `${threads} threads`}, ${limit}, accuracy ${accuracy}, cost model ${model}`;
}
