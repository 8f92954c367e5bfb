import { roundUp } from "@leanconv/core";
import { type GemmProvider, type Program, summariseProgram, workspaceNeeds } from "@leanconv/gemm";
import type { CostModel } from "../cost/cost-model.ts";

/** What a program without constants takes. */
export interface Price {
  readonly seconds: number;
  readonly workspaceBytes: number;
  /** With the gaps of alignment. */
  readonly tableBytes: number;
}

export const nothing: Price = { seconds: 0, workspaceBytes: 0, tableBytes: 0 };

/** Pure. @throws what the cost model throws */
export function priceProgram(program: Program, provider: GemmProvider, model: CostModel, threads: number): Price {
  const needs = workspaceNeeds(program, provider, threads);
  const { capabilities } = provider;
  const summary = summariseProgram(program);
  return {
    seconds: model.seconds(
      { ...needs, packedBytes: 0, slots: program.slots, summary },
      capabilities,
      undefined,
      threads,
    ),
    workspaceBytes: roundUp(needs.workspaceBytes, capabilities.alignBytes),
    tableBytes: tableBytes(program, provider),
  };
}

/** Tables of a program's kernels as a heap holds them, each at its alignment. */
export function tableBytes(program: Program, provider: GemmProvider): number {
  const { alignBytes } = provider.capabilities;
  return program.kernels.reduce((sum, kernel) => sum + roundUp(provider.query(kernel).tableBytes, alignBytes), 0);
}
