import type { Slot } from "@leanconv/core";
import type { KernelDescriptor, PackDescriptor } from "./descriptor.ts";

/**
 * What an algorithm is: plain data, JSON-safe, that a provider executes. Slots of workspace, kernels by descriptor, and
 * phases of steps with integer offsets. What an algorithm asks for is a summary of this, and what runs is this.
 */
export interface Program {
  /** The tensors outside of the workspace and their extents, for checks at binding. */
  readonly operands: readonly Operand[];
  readonly slots: readonly Slot[];
  readonly kernels: readonly KernelDescriptor[];
  readonly body: readonly Node[];
}

/** A tensor the caller binds. */
export interface Operand {
  readonly name: string;
  readonly access: "read" | "write" | "read-write" | "exclusive";
  /** For packed constants: how they were packed. Addresses then count batches (`at`) and k (`k`). */
  readonly pack?: PackDescriptor;
  /** Elements from the operand's origin, for the others: [lowest offset, highest offset + 1). */
  readonly extent?: readonly [low: number, high: number];
}

export type Node = Phase | Loop | Guarded;

/** The body `count` times, one after the other; `index` names the counter for addresses. */
export interface Loop {
  readonly kind: "loop";
  readonly index: string;
  readonly count: number;
  readonly body: readonly Node[];
}

/** Parts that are independent of each other and may run at the same time. The end of a phase is a barrier. */
export interface Phase {
  readonly kind: "phase";
  readonly parts: readonly Part[];
}

/** `times` independent parts that differ in their offsets only; the counter is called `part`. */
export interface Part {
  readonly times: number;
  readonly steps: readonly Step[];
}

/**
 * `save`, then `body`, then `restore`; the restore also runs when the body throws. Hole punching puts the input back
 * with it.
 */
export interface Guarded {
  readonly kind: "guarded";
  readonly save: readonly Phase[];
  readonly body: readonly Node[];
  readonly restore: readonly Phase[];
}

/** One kernel, `times` times one after the other (the counter is called `step`), at these places. */
export interface Step {
  /** Index into the program's kernels. */
  readonly kernel: number;
  readonly times?: number;
  readonly at: Places;
  /** The row range of the call; absent means all rows of the descriptor. */
  readonly rows?: RowRange;
}

/**
 * Roles by kernel: gemm a b c bias slopes; copy and add source target; fill target values; activate target slopes;
 * transform source target bias slopes.
 */
export interface Places {
  readonly a?: Address;
  readonly b?: Address;
  readonly c?: Address;
  readonly bias?: Address;
  readonly slopes?: Address;
  readonly source?: Address;
  readonly target?: Address;
  readonly values?: Address;
}

export type Role = keyof Places;

/** An integer that depends on the counters of the enclosing loops, the part and the step. */
export interface Affine {
  readonly at: number;
  readonly by?: Readonly<Record<string, number>>;
}

/**
 * A place in an operand or slot, in elements; for a packed operand `at` counts batches. `k` moves along k (packed, panels),
 * `m` along the rows of a packed operand, in multiples of the form's `panel`.
 */
export interface Address extends Affine {
  readonly of: string;
  readonly k?: Affine;
  readonly m?: Affine;
}

/** Rows [begin, min(begin + count, limit)). */
export interface RowRange {
  readonly begin: Affine;
  readonly count: number;
  readonly limit: number;
}
