import type { Accuracy, ConvProblem, Variant } from "@leanconv/conv";
import type { ErrorCode } from "@leanconv/core";

/** Changes with every change of the plan's form that an older reader would misunderstand. */
export const planVersion = 4;

/** What a plan may use. An absent limit is no limit. */
export interface Budget {
  /** Workspace of the most demanding layer: layers run one after the other and take turns in it. */
  readonly workspaceBytes?: number;
}

/** A way to compute a layer that could be asked what it needs. */
export interface RatedCandidate {
  readonly algorithm: string;
  readonly variant: Variant;
  readonly status: "chosen" | "eligible" | "resource.workspace-limit";
  /** Why it is not the chosen one, in one sentence; for the chosen one, why it is. */
  readonly reason: string;
  /** Slots plus the provider's scratch of every thread, aligned. */
  readonly workspaceBytes: number;
  /** The algorithm's own part of it. */
  readonly slotBytes: number;
  /** The provider's part, of one thread. */
  readonly scratchBytes: number;
  /** Packed weights, bias and slopes: they stay as long as the model does. */
  readonly packedBytes: number;
  /** Tables of the compiled kernels with the gaps of alignment, which stay as well. */
  readonly tableBytes: number;
  /** As the cost model predicts. */
  readonly seconds: number;
}

/** A way that the algorithm, or the provider, does not take; `status` is the code of its refusal. */
export interface RefusedCandidate {
  readonly algorithm: string;
  readonly variant: Variant;
  readonly status: ErrorCode;
  readonly reason: string;
}

export type Candidate = RatedCandidate | RefusedCandidate;

/** One layer with everything that was considered for it. */
export interface LayerPlan {
  readonly name: string;
  readonly problem: ConvProblem;
  /** Identity of the provider it was planned for, and the threads, so that a layer can be opened without its plan. */
  readonly provider: string;
  readonly threads: number;
  /** The same object as among the candidates. Its variant names the layouts. */
  readonly chosen: RatedCandidate;
  /** All of them: the eligible from the best on, then those over the budget from the smallest on, then the refused. */
  readonly candidates: readonly Candidate[];
}

/** The provider that a plan is for. */
export interface PlannedProvider {
  readonly name: string;
  readonly identity: string;
  /** With how many it was opened, which decides what it keeps for itself. A plan may use fewer. */
  readonly threads: number;
  /** Memory of the provider that no number of the plan counts, in words. */
  readonly outside?: string;
}

/** A plan as plain data: JSON there and back gives the same. */
export interface PlanData {
  readonly version: typeof planVersion;
  readonly kind: "layers";
  readonly provider: PlannedProvider;
  readonly threads: number;
  readonly budget: Budget;
  /** The demand of accuracy; what is below it was refused. */
  readonly accuracy: Accuracy;
  /** Name of the cost model behind every `seconds`. */
  readonly model: string;
  readonly layers: readonly LayerPlan[];
  /** The maximum over the layers. */
  readonly workspaceBytes: number;
  /** The sum over the layers. */
  readonly packedBytes: number;
  /** The sum over the layers. */
  readonly seconds: number;
}

export interface Plan extends PlanData {
  /**
   * A table to read: all layers with their choice and the totals, or with a name all candidates of that layer.
   * @throws `argument.name`
   */
  explain(layerName?: string): string;
  toJSON(): PlanData;
}

/** Whether a candidate could be asked what it needs, so that it has numbers. */
export function isRated(candidate: Candidate): candidate is RatedCandidate {
  return "seconds" in candidate;
}
