import type { Slot } from "@leanconv/core";
import { type GemmProvider, type ProgramSummary, summariseProgram, workspaceNeeds } from "@leanconv/gemm";
import type { ConvProgram } from "./algorithm.ts";
import { packedBytes } from "./weights.ts";

/** What a program asks for: all that a planner ever sees. */
export interface Requirements {
  /** Slots plus the provider's scratch of every thread, aligned: the region to bind. */
  readonly workspaceBytes: number;
  /** The algorithm's own part of it. */
  readonly slotBytes: number;
  /** The provider's part, of one thread. */
  readonly scratchBytes: number;
  /** Packed weights, bias and slopes. */
  readonly packedBytes: number;
  /** Persistent tables of the compiled kernels. */
  readonly tableBytes: number;
  readonly slots: readonly Slot[];
  readonly summary: ProgramSummary;
}

/** Everything a program needs on a provider with this many threads. Pure: equal arguments give equal answers. */
export function requirements(program: ConvProgram, provider: GemmProvider, threads = 1): Requirements {
  const { workspaceBytes, slotBytes, scratchBytes, tableBytes } = workspaceNeeds(program, provider, threads);
  return {
    workspaceBytes,
    slotBytes,
    scratchBytes,
    packedBytes: packedBytes(program, provider),
    tableBytes,
    slots: program.slots,
    summary: summariseProgram(program),
  };
}
