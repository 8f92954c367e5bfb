import type { KernelDescriptor, PackDescriptor, Role } from "@leanconv/gemm";
import fc from "fast-check";

/** One call of one kernel, with memory for it: what the arbitraries make and what `runCase` runs. */
export interface KernelCase {
  readonly descriptor: KernelDescriptor;
  readonly operands: readonly CaseOperand[];
  readonly rows: readonly [begin: number, end: number];
  /** Of the data. */
  readonly seed: number;
  /** Which operand (or the scratch, behind them) ends with the heap. */
  readonly last: number;
  /** Guard words between operands; odd numbers give odd element offsets. */
  readonly guard: number;
}

/** Memory of one operand, from the lowest to the highest element that the kernel may touch. */
export interface CaseOperand {
  readonly role: Role;
  /** `write` starts as guard words everywhere: the kernel must not read it. */
  readonly access: "read" | "write" | "update";
  readonly elements: number;
  /** The element that the call's offset names. It may lie outside where bounds decide what is read. */
  readonly origin: number;
  /** 0: a gap, never touched; 1: data; 2: a zero. */
  readonly used: Uint8Array;
  /** Starts at the provider's alignment, as slots and packed constants do. */
  readonly aligned?: boolean;
  readonly packed?: PackedSource;
}

/** Where a packed constant comes from, and which part of it the call uses. */
export interface PackedSource {
  readonly pack: PackDescriptor;
  /** The user's filter: elements used, and the place of the first. */
  readonly used: Uint8Array;
  readonly origin: number;
  readonly batch: number;
  readonly k: number;
}

/** An operand that owns exactly the elements at `offsets` from its address. */
export function operandAt(
  role: Role,
  access: CaseOperand["access"],
  offsets: readonly number[],
  options: { readonly zeros?: readonly number[]; readonly aligned?: boolean } = {},
): CaseOperand {
  const { origin, used } = maskOf(offsets, options.zeros);
  return { role, access, elements: used.length, origin, used, ...(options.aligned && { aligned: true }) };
}

/** The smallest mask with all `offsets`, and the place of offset 0 in it. */
export function maskOf(
  offsets: readonly number[],
  zeros: readonly number[] = [],
): { readonly origin: number; readonly used: Uint8Array } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const list of [offsets, zeros]) {
    for (const offset of list) {
      if (offset < low) low = offset;
      if (offset > high) high = offset;
    }
  }
  if (high < low) return { origin: 0, used: new Uint8Array(0) };
  const used = new Uint8Array(high - low + 1);
  for (const offset of offsets) used[offset - low] = 1;
  for (const offset of zeros) used[offset - low] = 2;
  return { origin: -low, used };
}

/** The case with a short text for fast-check's report, instead of pages of masks. */
export function printable(kernelCase: KernelCase): KernelCase {
  return Object.assign(kernelCase, { [fc.toStringMethod]: () => describeCase(kernelCase) });
}

/** The case on one line. */
export function describeCase({ descriptor, rows, seed, last, guard, operands }: KernelCase): string {
  const packed = operands.find((operand) => operand.packed)?.packed;
  return JSON.stringify({
    ...{ descriptor, rows, seed, last, guard },
    ...(packed && { packed: { batch: packed.batch, k: packed.k } }),
  });
}
