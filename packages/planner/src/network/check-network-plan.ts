import {
  type ConvAlgorithm,
  checkGraph,
  formatProblem,
  type NetworkGraph,
  requirements,
  type Variant,
} from "@leanconv/conv";
import { type ConvError, convError } from "@leanconv/core";
import { assertProvider, type GemmProvider } from "@leanconv/gemm";
import { chosenProgram } from "../chosen-program.ts";
import type { CostModel } from "../cost/cost-model.ts";
import { layouts } from "../neutral/strides.ts";
import type { OfferRule } from "../offers.ts";
import type { RatedCandidate } from "../plan.ts";
import { total } from "../select/total.ts";
import { buildSelection } from "./build-selection.ts";
import { layOut } from "./lay-out.ts";
import type { NetworkPlanData } from "./network-plan.ts";

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
 * program again what it needs and lays the heap out again. What comes out must be what the plan says, to the byte, so
 * that a plan that was changed or that another version made is found out before any memory exists. Pure.
 * @throws `argument.plan-mismatch`, `argument.name` for algorithms that are not in the list, `argument.range` for more
 * threads than the provider has, the codes of `checkGraph`
 */
export function checkNetworkPlan(
  plan: NetworkPlanData,
  { provider, algorithms, graph }: PlanPartners,
  where: string,
): void {
  assertProvider(provider, where);
  if (plan.provider.identity !== provider.identity) {
    throw mismatch(
      where,
      "the plan was made for another provider, variant or tile",
      provider.identity,
      plan.provider.identity,
    );
  }
  const { threads } = plan;
  if (threads > provider.capabilities.threads) {
    const wanted = `at least ${threads}, as planned`;
    const what = "the provider has fewer threads";
    throw convError("argument.range", { where: `${where}: threads`, what, got: provider.capabilities.threads, wanted });
  }
  if (graph !== undefined && describe(graph) !== describe(plan.graph)) {
    throw mismatch(where, "the plan was made for another network", describe(graph), describe(plan.graph));
  }
  const checked = checkGraph(plan.graph, `${where}: plan.graph`);
  const names = checked.nodes.map(({ name }) => name);
  if (plan.nodes.length !== names.length || plan.nodes.some(({ name }, place) => name !== names[place])) {
    throw mismatch(
      where,
      "the plan's choices are those of other nodes",
      plan.nodes.map(({ name }) => name),
      names,
    );
  }
  const chosen = plan.nodes.map(({ chosen }) => chosen);
  checked.nodes.forEach((node, place) => {
    const candidate = chosen[place];
    if (node.kind !== "conv") return;
    if (candidate === undefined)
      throw mismatch(`${where}: layer ${node.name}`, "nothing was chosen", "none", "a candidate");
    const program = chosenProgram({ problem: node.problem, chosen: candidate }, algorithms, provider);
    const { workspaceBytes, packedBytes } = requirements(program, provider, threads);
    for (const [what, got, wanted] of [
      ["another workspace than was planned", workspaceBytes, candidate.workspaceBytes],
      ["other packed constants than were planned", packedBytes, candidate.packedBytes],
    ] as const) {
      if (got !== wanted)
        throw mismatch(`${where}: layer ${node.name}`, `needs ${what}`, `${got} bytes`, `${wanted} bytes`);
    }
  });
  const selected = buildSelection(checked, {
    ...{
      provider,
      algorithms,
      threads,
      accuracy: plan.accuracy,
      model: noPrices,
      inputLayout: undefined,
      outputLayout: undefined,
    },
    rulesOf(layer) {
      const candidate = chosen[names.indexOf(layer)];
      const rules = candidate ? [onlyRule(candidate)] : [];
      return { key: layer, rules };
    },
  });
  const choice = selected.selection.nodes.map(({ alternatives }, place) =>
    alternatives.findIndex(({ output }) => layouts[output] === plan.nodes[place].outputLayout),
  );
  const strayed = choice.findIndex((at) => at < 0);
  if (strayed >= 0)
    throw mismatch(`${where}: layer ${names[strayed]}`, "the plan's choice does not exist", "none", "one");
  const nodes = checked.nodes;
  const laid = layOut({ nodes, chosen, total: total(selected.selection, choice), provider, algorithms });
  const differs = laid.buffers.findIndex((buffer, at) => JSON.stringify(buffer) !== JSON.stringify(plan.buffers[at]));
  if (differs >= 0 || laid.buffers.length !== plan.buffers.length) {
    const at = differs < 0 ? laid.buffers.length : differs;
    throw mismatch(
      where,
      "the plan lays the heap out otherwise",
      laid.buffers[at] ?? "nothing",
      plan.buffers[at] ?? "nothing",
    );
  }
  if (JSON.stringify(laid.memory) !== JSON.stringify(plan.memory)) {
    throw mismatch(where, "the plan adds the bytes up otherwise", laid.memory, plan.memory);
  }
}

/** Rules out everything but one candidate: a form without a parameter is another than one with it. */
function onlyRule({ algorithm, variant }: RatedCandidate): OfferRule {
  const wanted = keyOf(algorithm, variant);
  return (_, other, offered) =>
    keyOf(other, offered) === wanted ? undefined : { code: "unsupported.excluded", reason: "the plan chose another" };
}

function keyOf(algorithm: string, { form, parameters, inputLayout, outputLayout }: Variant): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([algorithm, form, sorted, inputLayout, outputLayout]);
}

/** A graph as text, to compare: nodes with problem strings. */
function describe({ nodes, outputs }: NetworkGraph): string {
  const plain = nodes.map((node) => (node.kind === "conv" ? { ...node, problem: formatProblem(node.problem) } : node));
  return JSON.stringify({ nodes: plain, outputs });
}

function mismatch(where: string, what: string, got: unknown, wanted: unknown): ConvError {
  return convError("argument.plan-mismatch", { where, what, got, wanted, fix: "plan again" });
}
