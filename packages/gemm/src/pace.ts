import type { KernelDescriptor } from "./descriptor.ts";
import { rowsOf } from "./link.ts";
import type { Node, Phase, Program } from "./program.ts";
import { winogradPoints } from "./winograd.ts";

/** Multiply-adds between two rests: a few milliseconds with vectors, some tens without. No clock is read. */
const sliceMacs = 2 ** 26;
/** A moved element takes about as long as this many multiply-adds, and so does a call as such. */
const macsOfMove = 8;
const macsOfCall = 2 ** 13;

/** When a program that runs in slices rests, and how far it is. */
export class Pace {
  /** Phases of a whole run, repetitions counted. */
  readonly total: number;
  /** Phases done. */
  done = 0;
  /** Work of every phase, by its index. */
  readonly #work: number[] = [];
  #left: number = sliceMacs;

  constructor(program: Program) {
    const kernels = program.kernels.map(kernelWork);
    this.total = countPhases(program.body, (phase) => this.#work.push(phaseWork(phase, kernels)));
  }

  /** Into how many shares a phase is cut so that none takes long. */
  shares(phase: number): number {
    return Math.max(1, Math.ceil(this.#work[phase] / sliceMacs));
  }

  /** Notes that a share is done; whether to rest after it. */
  rests(phase: number, share: number, shares: number): boolean {
    if (share + 1 === shares) this.done++;
    this.#left -= this.#work[phase] / shares;
    if (this.#left > 0) return false;
    this.#left = sliceMacs;
    return true;
  }
}

/** Phases that a run of these nodes goes through. */
export function countPhases(nodes: readonly Node[], visit?: (phase: Phase) => void): number {
  let sum = 0;
  for (const node of nodes) {
    if (node.kind === "loop") sum += node.count * countPhases(node.body, visit);
    else if (node.kind === "guarded") {
      for (const inner of [node.save, node.body, node.restore]) sum += countPhases(inner, visit);
    } else {
      visit?.(node);
      sum++;
    }
  }
  return sum;
}

function phaseWork(phase: Phase, kernels: readonly ((rows: number) => number)[]): number {
  let total = 0;
  for (const { times, steps } of phase.parts) {
    for (const step of steps) {
      const rows = step.rows?.count ?? Number.POSITIVE_INFINITY;
      total += times * (step.times ?? 1) * (macsOfCall + kernels[step.kernel](rows));
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
  if (descriptor.kind === "transform") {
    const { tile, channels } = descriptor;
    return (rows) => macsOfMove * winogradPoints(tile) * channels * Math.min(rows, all);
  }
  const elements = descriptor.extents.reduce((product, extent) => product * extent, macsOfMove);
  return (rows) => (elements * Math.min(rows, all)) / Math.max(1, all);
}
