export { checkAccuracy, defaultAccuracy } from "./accuracy.ts";
export { type CalibrateOptions, calibrate } from "./calibrate/calibrate.ts";
export { type MeasureOptions, measureCandidates } from "./calibrate/measure-candidates.ts";
export { candidateKey } from "./candidate-key.ts";
export { chosenProgram, type PlannedChoice } from "./chosen-program.ts";
export { checkProfile } from "./cost/check-profile.ts";
export type { CostModel, PricedCandidate } from "./cost/cost-model.ts";
export { defaultCostModel } from "./cost/default-cost-models.ts";
export type { FunctionNode, FunctionTerms, NodeTerms } from "./cost/function-terms.ts";
export type { Curve, Grid } from "./cost/interpolate.ts";
export { type LinearCostTerms, linearCostModel } from "./cost/linear-cost-model.ts";
export type { LayoutTerms, MachineProfile, MoveTerms } from "./cost/machine-profile.ts";
export { parseProfile } from "./cost/parse-profile.ts";
export { profileCostModel } from "./cost/profile-cost-model.ts";
export { formatVariant } from "./explain.ts";
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
export { type NetworkOptions, planNetwork } from "./network/plan-network.ts";
export { type BudgetPreset, budgetPresets } from "./network/presets.ts";
export type { NetworkInput } from "./network/to-graph.ts";
export { copyProgram } from "./neutral/copy-program.ts";
export { sumProgram } from "./neutral/sum-program.ts";
export {
  type ConvOffer,
  isTaken,
  type OfferOptions,
  type OfferRule,
  offersOf,
  type ProgramOffer,
  type RefusedOffer,
} from "./offers.ts";
export { parsePlan } from "./parse-plan.ts";
export {
  type Budget,
  type Candidate,
  isRated,
  type LayerPlan,
  type Plan,
  type PlanData,
  type PlannedProvider,
  planVersion,
  type RatedCandidate,
  type RefusedCandidate,
} from "./plan.ts";
export { type NamedProblem, type PlanOptions, planLayers } from "./plan-layers.ts";
export { formatBytes, formatSeconds } from "./units.ts";
