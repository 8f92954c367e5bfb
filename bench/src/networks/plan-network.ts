import { type Accuracy, allAlgorithms, type GemmProvider, type Layer, type Plan, planLayers } from "leanconv";

export type Layout = "nchw" | "nhwc";
export const layoutChoices = ["auto", "nchw", "nhwc"] as const;

export interface NetworkPlanOptions {
  readonly layout: (typeof layoutChoices)[number];
  readonly threads: number;
  /** Of every layer, in bytes. */
  readonly budget: number;
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
  { layout, threads, budget, accuracy }: NetworkPlanOptions,
): NetworkPlan {
  const layouts: readonly Layout[] = layout === "auto" ? ["nchw", "nhwc"] : [layout];
  const plans = layouts.map((one): NetworkPlan => {
    const options = { algorithms: allAlgorithms, provider, threads, layout: one, ...(accuracy && { accuracy }) };
    return { layout: one, plan: planLayers(layers, { ...options, budget: { workspaceBytes: budget } }) };
  });
  return plans.reduce((best, next) => (next.plan.seconds < best.plan.seconds ? next : best));
}
