import { type Accuracy, type CheckedGraph, type ConvAlgorithm, checkGraph, type NetworkGraph } from "@leanconv/conv";
import type { GemmProvider } from "@leanconv/gemm";
import { defaultAccuracy } from "../accuracy.ts";
import type { CostModel } from "../cost/cost-model.ts";
import { defaultCostModel } from "../cost/default-cost-models.ts";
import type { Layout } from "../neutral/strides.ts";
import { defaultWork, type Found, fastestWithin } from "../select/search.ts";
import { smallestBudget } from "../select/smallest.ts";
import { buildSelection, type NetworkSelection } from "./build-selection.ts";
import { checkNetworkOptions, checkOverrides } from "./check-network-options.ts";
import { finishPlan, type PlanContext } from "./finish-plan.ts";
import type { NetworkPlan } from "./network-plan.ts";
import { overBudget } from "./over-budget.ts";
import { type LayerOverride, overrideRule } from "./overrides.ts";
import { type BudgetPreset, budgetBytesOf } from "./presets.ts";
import { type NetworkInput, toGraph } from "./to-graph.ts";

export const mebibyte: number = 2 ** 20;

export interface NetworkOptions {
  /** The candidates, usually `allAlgorithms`. */
  readonly algorithms: readonly ConvAlgorithm[];
  readonly provider: GemmProvider;
  /** Of everything: constants, tables, tensors, workspaces, the provider's own, in whole pages. Default: no limit. */
  readonly budgetBytes?: number | BudgetPreset | undefined;
  /**
   * Default 1. Of several numbers, or of all with "auto", the one whose plan is predicted to be fastest within the budget,
   * which every thread's scratch is part of. The model says what a number of threads gains.
   */
  readonly threads?: number | readonly number[] | "auto" | undefined;
  /** Algorithms whose errors are of a coarser class are refused. Default "standard". */
  readonly accuracy?: Accuracy | undefined;
  /** Default: the shipped constants for the provider, or generic ones. */
  readonly model?: CostModel | undefined;
  /** Of the graph's inputs and outputs. Default: whatever is fastest; the plan says which. */
  readonly inputLayout?: Layout | undefined;
  readonly outputLayout?: Layout | undefined;
  /** By the name of a convolution, what the caller insists on. */
  readonly overrides?: Readonly<Record<string, LayerOverride>> | undefined;
}

/**
 * Chooses algorithm, form and layouts of every convolution of a network together, so that everything fits a budget and
 * nothing that fits is predicted to be faster. Conversions between layouts are priced and take memory. The plan accounts
 * for every byte. Equal arguments give equal plans. Measures nothing and allocates the plan, no tensor.
 * @throws `resource.over-budget` with details `{ layer, budgetBytes, neededBytes, smallestBytes, proven }`, where
 * `smallestBytes` is the least budget that works; the code of the first refusal where every candidate of a layer refuses;
 * the codes of `checkGraph`; `argument.range`, `argument.name`, `argument.layout`, `argument.format`.
 */
export function planNetwork(input: NetworkInput, options: NetworkOptions): NetworkPlan {
  const { graph, checked, budgetBytes, contexts } = prepare(input, options, "planNetwork");
  const asked = contexts.map((context) => ({ context, selected: select(checked, options, context) }));
  const best = fastest(asked, budgetBytes);
  if (best === undefined) {
    const [{ selected }] = asked;
    throw overBudget(checked, selected.selection, budgetBytes, smallestBudget(selected.selection));
  }
  const savedByOneMoreMiB =
    budgetBytes < Number.POSITIVE_INFINITY ? saved(asked, best, budgetBytes + mebibyte) : undefined;
  return finishPlan({
    graph,
    checked,
    budgetBytes,
    ...best,
    ...(savedByOneMoreMiB !== undefined && { savedByOneMoreMiB }),
  });
}

/** What one number of threads has to choose from. */
export interface Asked {
  readonly context: PlanContext;
  readonly selected: NetworkSelection;
}

/** An answer of the search for one number of threads. */
export interface Reached extends Asked {
  readonly found: Found;
}

/** The fastest of all numbers of threads, the least number where several are. */
function fastest(asked: readonly Asked[], budgetBytes: number, work?: number): Reached | undefined {
  let best: Reached | undefined;
  for (const one of asked) {
    const found = fastestWithin(one.selected.selection, budgetBytes, work);
    if (found.choice === undefined) continue;
    const reached = { ...one, found };
    if (best === undefined || found.total.seconds < best.found.total.seconds) best = reached;
  }
  return best;
}

/** Seconds that a larger budget saves, as far as a search of a quarter of the work can tell. */
export function saved(asked: readonly Asked[], than: Reached, budgetBytes: number): number {
  const richer = fastest(asked, budgetBytes, defaultWork / 4);
  return richer === undefined ? 0 : Math.max(0, than.found.total.seconds - richer.found.total.seconds);
}

export interface Prepared {
  readonly graph: NetworkGraph;
  readonly checked: CheckedGraph;
  readonly budgetBytes: number;
  /** One per number of threads that may be chosen, from the least on. */
  readonly contexts: readonly PlanContext[];
}

/** Checks all that a caller gave. */
export function prepare(input: NetworkInput, options: NetworkOptions, where: string): Prepared {
  checkNetworkOptions(options, where);
  const {
    provider,
    algorithms,
    model = defaultCostModel(provider.name, provider.identity),
    threads = 1,
    accuracy = defaultAccuracy,
  } = options;
  const budgetBytes = budgetBytesOf(options.budgetBytes, where);
  const graph = toGraph(input, where);
  const checked = checkGraph(graph, where);
  checkOverrides(checked, options.overrides, where);
  return {
    graph,
    checked,
    budgetBytes,
    contexts: threadCounts(threads, provider).map((threads) => ({ provider, algorithms, model, threads, accuracy })),
  };
}

export function select(checked: CheckedGraph, options: NetworkOptions, context: PlanContext): NetworkSelection {
  const { inputLayout, outputLayout, overrides = {} } = options;
  return buildSelection(checked, {
    ...context,
    ...{ inputLayout, outputLayout },
    rulesOf(layer) {
      const override = Object.hasOwn(overrides, layer) ? overrides[layer] : undefined;
      return override === undefined
        ? { key: "", rules: [] }
        : { key: JSON.stringify(override), rules: [overrideRule(override)] };
    },
  });
}

function threadCounts(
  threads: NonNullable<NetworkOptions["threads"]>,
  { capabilities }: GemmProvider,
): readonly number[] {
  if (threads === "auto") return Array.from({ length: capabilities.threads }, (_, at) => at + 1);
  return typeof threads === "number" ? [threads] : [...new Set(threads)].sort((a, b) => a - b);
}
