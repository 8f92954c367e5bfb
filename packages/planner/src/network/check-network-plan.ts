import {
  type CheckedGraph,
  type ConvAlgorithm,
  checkGraph,
  formatProblem,
  type NetworkGraph,
  requirements,
} from "@leanconv/conv";
import { type ConvError, convError, isConvError, roundUp } from "@leanconv/core";
import { assertProvider, type GemmProvider } from "@leanconv/gemm";
import { candidateKey } from "../candidate-key.ts";
import { plannedAlgorithm } from "../chosen-program.ts";
import type { CostModel } from "../cost/cost-model.ts";
import { layouts } from "../neutral/strides.ts";
import type { OfferRule } from "../offers.ts";
import type { RatedCandidate } from "../plan.ts";
import { total } from "../select/total.ts";
import { arrange } from "./arrange.ts";
import { buildSelection, type NetworkCircumstances } from "./build-selection.ts";
import type { NetworkPlanData, PlannedMove } from "./network-plan.ts";

export interface PlanPartners {
  readonly provider: GemmProvider;
  readonly algorithms: readonly ConvAlgorithm[];
  /** What the caller is about to compute, where it is known. */
  readonly graph?: NetworkGraph | undefined;
}

/** Nothing is chosen here, so nothing is priced. */
const noPrices: CostModel = { name: "none", seconds: () => 0, nodeSeconds: () => 0 };

/**
 * That a plan belongs to this provider (variant and tile included), these algorithms and this graph: asks every chosen
 * program again what it needs, arranges everything again, and compares layouts, copies, steps, places and sums, so that a
 * plan that was changed or that another version made is found out before any memory exists. Predictions, and the
 * candidates that were not chosen, are taken at their word. Pure.
 * @throws `argument.plan-mismatch`, `argument.name` for algorithms that are not in the list, `argument.range` for more
 * threads than the provider has, the codes of `checkGraph`
 */
export function checkNetworkPlan(plan: NetworkPlanData, partners: PlanPartners, where: string): void {
  checkProvider(plan, partners, where);
  const { graph } = partners;
  if (graph !== undefined && describe(graph) !== describe(plan.graph)) {
    throw mismatch(where, "the plan was made for another network", describe(graph), describe(plan.graph));
  }
  const checked = checkGraph(plan.graph, `${where}: plan.graph`);
  checkChoices(plan, checked, partners, where);
  checkArrangement(plan, checked, partners, where);
}

function checkProvider(plan: NetworkPlanData, { provider }: PlanPartners, where: string): void {
  assertProvider(provider, where);
  const { identity, capabilities } = provider;
  if (plan.provider.identity !== identity) {
    const what = "the plan was made for another provider, variant or tile";
    throw mismatch(where, what, identity, plan.provider.identity);
  }
  if (plan.threads > capabilities.threads) {
    const what = "the provider has fewer threads";
    const wanted = `at least ${plan.threads}, as planned`;
    throw convError("argument.range", { where: `${where}: threads`, what, got: capabilities.threads, wanted });
  }
  const own = roundUp(capabilities.reservedBytes, capabilities.alignBytes) + capabilities.outsideBytes;
  const planned = plan.memory.providerBytes + plan.memory.outsideBytes;
  if (own !== planned) {
    const [got, wanted] = [[own, capabilities.threads] as const, [planned, plan.provider.threads] as const].map(
      ([bytes, threads]) => `${bytes} bytes with ${threads} thread(s)`,
    );
    throw mismatch(where, "the provider keeps other memory for itself than was planned", got, wanted);
  }
}

/** One candidate of every convolution, which needs what the plan says. */
function checkChoices(
  plan: NetworkPlanData,
  { nodes }: CheckedGraph,
  { provider, algorithms }: PlanPartners,
  where: string,
): void {
  const [got, wanted] = [plan.nodes, nodes].map((list) => list.map(({ name }) => name));
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    throw mismatch(where, "the plan's choices are those of other nodes", got, wanted);
  }
  nodes.forEach((node, place) => {
    if (node.kind !== "conv") return;
    const layer = `${where}: layer ${node.name}`;
    const { chosen } = plan.nodes[place];
    if (chosen === undefined) throw mismatch(layer, "nothing was chosen", "none", "a candidate");
    const algorithm = plannedAlgorithm(chosen.algorithm, algorithms, layer);
    const program = asMismatch(layer, () => algorithm.program(node.problem, chosen.variant, provider));
    const { workspaceBytes, packedBytes } = requirements(program, provider, plan.threads);
    for (const [what, got, wanted] of [
      ["another workspace than was planned", workspaceBytes, chosen.workspaceBytes],
      ["other packed constants than were planned", packedBytes, chosen.packedBytes],
    ] as const) {
      if (got !== wanted) throw mismatch(layer, `needs ${what}`, `${got} bytes`, `${wanted} bytes`);
    }
  });
}

/** What follows from the choices: layouts, copies, steps, places and sums. */
function checkArrangement(
  plan: NetworkPlanData,
  checked: CheckedGraph,
  { provider, algorithms }: PlanPartners,
  where: string,
): void {
  const places = new Map(plan.nodes.map(({ name }, place) => [name, place]));
  const { threads, accuracy } = plan;
  const circumstances: NetworkCircumstances = {
    ...{ provider, algorithms, threads, accuracy, model: noPrices, inputLayout: undefined, outputLayout: undefined },
    rulesOf(layer) {
      const { chosen } = plan.nodes[places.get(layer) as number];
      return { key: layer, rules: chosen ? [onlyRule(chosen)] : [] };
    },
  };
  const selected = asMismatch(where, () => buildSelection(checked, circumstances));
  const choice = selected.selection.nodes.map(({ alternatives }, place) => {
    const { inputLayout, outputLayout, name } = plan.nodes[place];
    const at = alternatives.findIndex(
      ({ input, output }) => layouts[input] === inputLayout && layouts[output] === outputLayout,
    );
    if (at >= 0) return at;
    const got = `${inputLayout} > ${outputLayout}`;
    throw mismatch(`${where}: layer ${name}`, "the node does not run in these layouts", got, "those of its choice");
  });
  const again = arrange(
    checked,
    selected,
    { choice, total: total(selected.selection, choice) },
    { provider, algorithms },
  );
  compare(where, "copies otherwise", again.moves.map(unpriced), plan.moves.map(unpriced));
  compare(where, "takes other steps", again.steps, plan.steps);
  compare(where, "lays the heap out otherwise", again.buffers, plan.buffers);
  compare(where, "adds the bytes up otherwise", [again.memory], [plan.memory]);
  const { budgetBytes = Number.POSITIVE_INFINITY, memory } = plan;
  if (memory.totalBytes > budgetBytes) {
    throw mismatch(where, "the plan needs more than its budget", memory.totalBytes, budgetBytes);
  }
}

/** Fields stand in one order: `parsePlan` gives them that of its schema, which is that of the planner. */
function compare(where: string, what: string, again: readonly unknown[], planned: readonly unknown[]): void {
  const most = Math.max(again.length, planned.length);
  for (let at = 0; at < most; at++) {
    if (JSON.stringify(again[at]) === JSON.stringify(planned[at])) continue;
    throw mismatch(where, `the plan ${what}`, planned[at] ?? "nothing", again[at] ?? "nothing");
  }
}

/** What is refused now was not when the plan was made, so that one of the two was changed. */
function asMismatch<Result>(where: string, make: () => Result): Result {
  try {
    return make();
  } catch (cause) {
    if (!isConvError(cause)) throw cause;
    throw mismatch(where, "the plan's choice is refused", cause.message, "one that is taken");
  }
}

/** Predictions are those of the planner's model, and are taken at their word. */
function unpriced({ node, input, from, to }: PlannedMove): unknown {
  return { node, input, from, to };
}

/** Rules out everything but one candidate: a form without a parameter is another than one with it. */
function onlyRule(chosen: RatedCandidate): OfferRule {
  const wanted = candidateKey(chosen);
  return (_, algorithm, variant) =>
    candidateKey({ algorithm, variant }) === wanted
      ? undefined
      : { code: "unsupported.excluded", reason: "the plan chose another" };
}

/** A graph as text, to compare: nodes with problem strings. */
function describe({ nodes, outputs }: NetworkGraph): string {
  const plain = nodes.map((node) => (node.kind === "conv" ? { ...node, problem: formatProblem(node.problem) } : node));
  return JSON.stringify({ nodes: plain, outputs });
}

function mismatch(where: string, what: string, got: unknown, wanted: unknown): ConvError {
  return convError("argument.plan-mismatch", { where, what, got, wanted, fix: "plan again" });
}
