export { chosenProgram, type PlannedChoice } from "./chosen-program.ts";
export type { CostModel } from "./cost-model.ts";
export { defaultCostModel } from "./default-cost-models.ts";
export { formatVariant } from "./explain.ts";
export { type LinearCostTerms, linearCostModel } from "./linear-cost-model.ts";
export { aliveAt } from "./network/alive.ts";
export { checkNetworkPlan, type PlanPartners } from "./network/check-network-plan.ts";
export type {
  Account,
  NetworkPlan,
  NetworkPlanData,
  PlannedBuffer,
  PlannedMemory,
  PlannedMove,
  PlannedNode,
} from "./network/network-plan.ts";
export type { LayerOverride } from "./network/overrides.ts";
export { type FrontOptions, type FrontPoint, type ParetoFront, paretoFront } from "./network/pareto-front.ts";
export { type NetworkInput, type NetworkOptions, planNetwork } from "./network/plan-network.ts";
export { type BudgetPreset, budgetPresets } from "./network/presets.ts";
export { copyProgram } from "./neutral/copy-program.ts";
export { sumProgram } from "./neutral/sum-program.ts";
export { parsePlan } from "./parse-plan.ts";
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
export { type NamedProblem, type PlanOptions, planLayers } from "./plan-layers.ts";
export { formatBytes, formatSeconds } from "./units.ts";
