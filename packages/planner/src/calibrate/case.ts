import type { KernelDescriptor, PackDescriptor, Role } from "@leanconv/gemm";

/** Memory that a kernel is given. */
export type Place =
  | { readonly elements: number }
  | { readonly pack: PackDescriptor }
  | { readonly panels: { readonly depth: number; readonly columns: number } };

/** One kernel to be timed. */
export interface Case {
  readonly descriptor: KernelDescriptor;
  readonly places: Partial<Record<Role, Place>>;
  /** Calls in one run of its program. */
  readonly times: number;
}

/** Short kernels are repeated inside of their program, as algorithms repeat them. */
const shortWork = 1 << 18;

export function caseOf(descriptor: KernelDescriptor, places: Case["places"]): Case {
  const work =
    descriptor.kind === "gemm"
      ? descriptor.m * descriptor.rows * descriptor.cols * descriptor.k
      : 16 * descriptor.extents.reduce((product, extent) => product * extent, 1);
  return { descriptor, places, times: work < shortWork ? Math.min(64, Math.ceil(shortWork / Math.max(1, work))) : 1 };
}
