export { checkAccuracy, defaultAccuracy } from "./accuracy.ts";
export { chosenProgram, type PlannedChoice } from "./chosen-program.ts";
export type { CostModel } from "./cost-model.ts";
export { defaultCostModel } from "./default-cost-models.ts";
export { formatVariant } from "./explain.ts";
export { type LinearCostTerms, linearCostModel } from "./linear-cost-model.ts";
export {
  type Budget,
  type Candidate,
  isRated,
  type LayerPlan,
  type Plan,
  type PlanData,
  planVersion,
  type RatedCandidate,
  type RefusedCandidate,
} from "./plan.ts";
export { planFromData } from "./plan-from-data.ts";
export { type NamedProblem, type PlanOptions, planLayers } from "./plan-layers.ts";
export { formatBytes, formatSeconds } from "./units.ts";
