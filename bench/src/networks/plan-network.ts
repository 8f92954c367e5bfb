import {
  type Accuracy,
  allAlgorithms,
  type CostModel,
  type GemmProvider,
  isConvError,
  type Layer,
  type Plan,
  planLayers,
} from "leanconv";

export type Layout = "nchw" | "nhwc";
export const layoutChoices = ["auto", "nchw", "nhwc"] as const;

export interface NetworkPlanOptions {
  readonly layout: (typeof layoutChoices)[number];
  readonly threads: number;
  /** Of every layer, in bytes. */
  readonly budget: number;
  /** Default: the shipped one. */
  readonly model?: CostModel;
  readonly exclusiveInputs?: boolean;
  /** Default: the planner's. */
  readonly accuracy?: Accuracy;
}

export interface NetworkPlan {
  readonly layout: Layout;
  readonly plan: Plan;
}

/** The planner's choice for a network in one layout; with `auto`, in the layout that it predicts to be faster. */
export function planNetwork(
  layers: readonly Layer[],
  provider: GemmProvider,
  { layout, threads, budget, model, accuracy, exclusiveInputs = false }: NetworkPlanOptions,
): NetworkPlan {
  const layouts: readonly Layout[] = layout === "auto" ? ["nchw", "nhwc"] : [layout];
  const limit = Number.isFinite(budget) ? { workspaceBytes: budget } : {};
  const options = { algorithms: allAlgorithms, provider, threads, exclusiveInputs, budget: limit };
  const plans: NetworkPlan[] = [];
  let nothingFits: unknown;
  for (const one of layouts) {
    try {
      const plan = planLayers(layers, {
        ...options,
        layout: one,
        ...(model && { model }),
        ...(accuracy && { accuracy }),
      });
      plans.push({ layout: one, plan });
    } catch (error) {
      // The other layout may need less.
      if (!isConvError(error) || error.code !== "resource.over-budget") throw error;
      nothingFits ??= error;
    }
  }
  if (plans.length === 0) throw nothingFits;
  return plans.reduce((best, next) => (next.plan.seconds < best.plan.seconds ? next : best));
}
