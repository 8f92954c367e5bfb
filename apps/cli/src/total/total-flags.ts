import type { PlanFlags } from "../plan-options.ts";

/** What commander hands over of `plan --total`. */
export interface TotalFlags extends PlanFlags {
  readonly explain?: string | true;
  readonly pareto?: true;
  readonly output?: string;
  readonly svg?: string;
}
