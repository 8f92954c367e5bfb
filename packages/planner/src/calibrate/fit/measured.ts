import type { Capabilities } from "@leanconv/gemm";
import type { Timings } from "../timings.ts";

/** What a profile is fitted from. */
export interface Measured {
  readonly capabilities: Capabilities;
  readonly times: Timings;
  /** Seconds of the pools and normalisations, in the order of their cases. */
  readonly functionTimes: readonly number[];
  /** Whether the finer grid was measured. */
  readonly thorough: boolean;
}
