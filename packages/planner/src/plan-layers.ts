import type { Accuracy, ConvAlgorithm, ConvProblem } from "@leanconv/conv";
import type { GemmProvider } from "@leanconv/gemm";
import { defaultAccuracy } from "./accuracy.ts";
import { type Circumstances, rateCandidates } from "./candidates.ts";
import { checkNames, checkPlanOptions } from "./check-options.ts";
import type { CostModel } from "./cost/cost-model.ts";
import { defaultCostModel } from "./cost/default-cost-models.ts";
import { nothingFits } from "./nothing-fits.ts";
import { type Budget, type Candidate, isRated, type LayerPlan, type Plan, planVersion } from "./plan.ts";
import { planFromData } from "./plan-from-data.ts";
import { plannedProvider } from "./planned-provider.ts";

/** A layer to plan. Names are unique. */
export interface NamedProblem {
  readonly name: string;
  readonly problem: ConvProblem;
}

export interface PlanOptions {
  /** The candidates, usually `allAlgorithms`. */
  readonly algorithms: readonly ConvAlgorithm[];
  readonly provider: GemmProvider;
  /** Default: no limit. */
  readonly budget?: Budget;
  /** Of all images, in and out. Default "nchw". */
  readonly layout?: "nchw" | "nhwc";
  /** Every thread has a scratch of its own. Default 1, at most the provider's. */
  readonly threads?: number;
  /**
   * Whether algorithms may compute in a transform domain: not at all ("no-transform"), where that is as accurate as direct
   * sums ("standard", the default), or also where it is less accurate ("fast"). The error classes of the algorithms decide.
   */
  readonly accuracy?: Accuracy;
  /** Default: the shipped constants for the provider, or generic ones. */
  readonly model?: CostModel;
  /** Layers, by name, whose input nobody else reads while they run; true for all. It may be changed and put back. */
  readonly exclusiveInputs?: boolean | readonly string[];
}

/**
 * Chooses for every layer the candidate of least predicted time whose workspace fits the budget. Equal times go to the
 * smaller workspace, then to the earlier name and form. Equal arguments give equal plans, and a larger budget never
 * gives a slower one. Measures nothing and allocates the plan only.
 * @throws `resource.over-budget` with details `{ layer, budgetBytes, smallestBytes, algorithm }`, where `smallestBytes`
 * is the least budget that all layers fit; the code of the first refusal where every candidate of a layer refuses;
 * `argument.range`, `argument.name`, `argument.layout`, `argument.format`.
 */
export function planLayers(
  layers: readonly NamedProblem[] | Readonly<Record<string, ConvProblem>>,
  options: PlanOptions,
): Plan {
  checkPlanOptions(options);
  const { provider, budget = {}, layout = "nchw", threads = 1, accuracy = defaultAccuracy } = options;
  const named = Array.isArray(layers)
    ? (layers as readonly NamedProblem[])
    : Object.entries(layers as Readonly<Record<string, ConvProblem>>).map(([name, problem]) => ({ name, problem }));
  checkNames(named, options);
  const circumstances: Circumstances = {
    algorithms: options.algorithms,
    provider,
    model: options.model ?? defaultCostModel(provider.name, provider.identity),
    ...{ threads, accuracy },
    workspaceBytes: budget.workspaceBytes,
  };
  const exclusive = options.exclusiveInputs ?? false;
  const rated = named.map(({ name, problem }): Rated => {
    const exclusiveInput = typeof exclusive === "boolean" ? exclusive : exclusive.includes(name);
    const context = { inputLayout: layout, outputLayout: layout, exclusiveInput };
    return { name, problem, candidates: rateCandidates(problem, context, circumstances) };
  });
  const chosen = rated.map((layer) => withChoice(layer, circumstances));
  if (!chosen.every((layer) => layer !== undefined))
    throw nothingFits(rated, budget.workspaceBytes ?? Number.POSITIVE_INFINITY);
  return planFromData({
    version: planVersion,
    kind: "layers",
    provider: plannedProvider(provider),
    threads,
    budget: budget.workspaceBytes === undefined ? {} : { workspaceBytes: budget.workspaceBytes },
    ...{ accuracy, model: circumstances.model.name },
    layers: chosen,
    workspaceBytes: Math.max(0, ...chosen.map((layer) => layer.chosen.workspaceBytes)),
    packedBytes: chosen.reduce((sum, layer) => sum + layer.chosen.packedBytes, 0),
    seconds: chosen.reduce((sum, layer) => sum + layer.chosen.seconds, 0),
  });
}

interface Rated extends NamedProblem {
  readonly candidates: readonly Candidate[];
}

/** The layer with its first candidate as the choice, or undefined where that one does not fit. */
function withChoice({ name, problem, candidates }: Rated, { provider, threads }: Circumstances): LayerPlan | undefined {
  const [first] = candidates;
  return first && isRated(first) && first.status === "chosen"
    ? { name, problem, provider: provider.identity, threads, chosen: first, candidates }
    : undefined;
}
