import type { GemmWork, MoveWork, ProgramSummary } from "@leanconv/gemm";
import type { Grid, LayoutTerms, MachineProfile } from "../../src/index.ts";

const level = (value: number): Grid => ({ m: [1], n: [1], k: [1], values: [value] });
const none = { at: [1], values: [0] };

/** A layout with one rate for all and nothing besides it. */
export const plainTerms: LayoutTerms = {
  rates: { plain: level(1000), tap: level(1000), patch: level(1000), panels: level(1000) },
  tail: { m: 1, n: 1 },
  lines: [{ stride: 1, elementSeconds: none, rowSeconds: none }],
  taps: { elementSeconds: none, rowSeconds: none },
  crossed: { elementSeconds: 0, rowSeconds: 0 },
  updateSeconds: { at: [1], values: [0] },
  finishSeconds: 0,
  lineByLine: 0,
  rowEndSeconds: none,
  depthwise: [{ stride: 1, taps: 9, macSeconds: none }],
};

/** A machine by hand, on which a product takes its flops over 1000 and a move its bytes over 100. */
export const plainProfile: MachineProfile = {
  version: 1,
  machine: { cpu: "paper", runtime: "pencil" },
  provider: { name: "null", identity: "null" },
  threads: { count: 1, speedup: 1, barrierSeconds: 0 },
  callSeconds: { gemm: 0, move: 0 },
  nchw: plainTerms,
  nhwc: plainTerms,
  moves: [{ kind: "copy", form: "contiguous", bytesPerSecond: { at: [1], values: [100] } }],
  far: { at: [1], values: [0] },
  spill: { at: [1], values: [1] },
};

export const product: GemmWork = {
  ...{ m: 4, n: 8, k: 5, kind: "plain", layout: "nchw", taps: 1, stride: 1, run: 8, crossed: false, width: 8, line: 8 },
  ...{ beta: 0, packed: true, finished: false, count: 1, batch: 1 },
};

export const move: MoveWork = { kind: "copy", elements: 100, run: 10, inner: 10, form: "contiguous", count: 1 };

export function summary(work: Partial<ProgramSummary>): ProgramSummary {
  return { gemms: [], moves: [], macs: 0, movedBytes: 0, phases: 1, ...work };
}
