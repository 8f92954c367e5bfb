export { type CalibrateOptions, calibrate } from "./calibrate/calibrate.ts";
export { type MeasureOptions, measureCandidates } from "./calibrate/measure-candidates.ts";
export { chosenProgram, type PlannedChoice } from "./chosen-program.ts";
export { checkProfile } from "./cost/check-profile.ts";
export type { CostModel, PricedCandidate } from "./cost/cost-model.ts";
export { defaultCostModel } from "./cost/default-cost-models.ts";
export type { Curve, Grid } from "./cost/interpolate.ts";
export { type LinearCostTerms, linearCostModel } from "./cost/linear-cost-model.ts";
export type { LayoutTerms, MachineProfile, MoveTerms } from "./cost/machine-profile.ts";
export { parseProfile } from "./cost/parse-profile.ts";
export { profileCostModel } from "./cost/profile-cost-model.ts";
export { formatVariant } from "./explain.ts";
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
