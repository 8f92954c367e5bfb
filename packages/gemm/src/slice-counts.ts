import type { KernelDescriptor } from "./descriptor.ts";
import { rowsOf } from "./link.ts";
import type { Node, Phase, Program } from "./program.ts";

/** Multiply-adds of a slice: a few milliseconds with vectors, some tens without. No clock is read. */
const sliceMacs = 2 ** 26;
/** A moved element takes about as long as this many multiply-adds. */
const macsOfMove = 8;

export interface SliceCounts {
  /** Shares of every phase, by its index. */
  readonly shares: readonly number[];
  /** Phases of a whole run, repetitions counted. */
  readonly phases: number;
}

/** Into how many shares each phase is cut so that none takes long, and how many phases a run has. */
export function sliceCounts(program: Program): SliceCounts {
  const work = program.kernels.map(kernelWork);
  const shares: number[] = [];
  const count = (nodes: readonly Node[]): number =>
    nodes.reduce((sum, node) => {
      if (node.kind === "loop") return sum + node.count * count(node.body);
      if (node.kind === "guarded") return sum + count(node.save) + count(node.body) + count(node.restore);
      shares.push(Math.max(1, Math.ceil(phaseWork(node, work) / sliceMacs)));
      return sum + 1;
    }, 0);
  const phases = count(program.body);
  return { shares, phases };
}

function phaseWork(phase: Phase, work: readonly ((rows: number) => number)[]): number {
  let total = 0;
  for (const { times, steps } of phase.parts) {
    for (const step of steps) {
      total += times * (step.times ?? 1) * work[step.kernel](step.rows?.count ?? Number.POSITIVE_INFINITY);
    }
  }
  return total;
}

/** Work of one call, by the rows it may run. */
function kernelWork(descriptor: KernelDescriptor): (rows: number) => number {
  const all = rowsOf(descriptor);
  if (descriptor.kind === "gemm") {
    const { m, k, cols, batch } = descriptor;
    return (rows) => m * k * cols * (batch?.count ?? 1) * Math.min(rows, all);
  }
  if (descriptor.kind === "transform") return () => macsOfMove;
  const elements = descriptor.extents.reduce((product, extent) => product * extent, macsOfMove);
  return (rows) => (elements * Math.min(rows, all)) / Math.max(1, all);
}
