import type { Requirements } from "@leanconv/conv";
import type { Capabilities } from "@leanconv/gemm";

/**
 * Predicts how long a program takes from what it asks for: the list of its GEMMs and the bytes it moves. It never sees
 * an algorithm's name, so that a new algorithm needs no new model.
 */
export interface CostModel {
  /** Stands in plans: predictions of different models cannot be compared. */
  readonly name: string;
  /** Pure: equal arguments give equal seconds. Of one run, with one thread. */
  seconds(requirements: Requirements, capabilities: Capabilities): number;
}
