import {
  type GemmProvider,
  type KernelDescriptor,
  loop,
  moveWork,
  type Operand,
  type PackDescriptor,
  type Program,
  type Role,
  rowsOf,
  serial,
} from "@leanconv/gemm";

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
  /** Whether each call is a phase of its own, at whose end threads meet. */
  readonly apart?: boolean;
}

/** Multiply-adds of a case below which it is repeated inside of its program, as algorithms repeat short kernels. */
const shortWork = 1 << 18;

export function caseOf(descriptor: KernelDescriptor, places: Case["places"]): Case {
  const work =
    descriptor.kind === "gemm"
      ? descriptor.m * descriptor.rows * descriptor.cols * descriptor.k * (descriptor.batch?.count ?? 1)
      : 16 * moveWork(descriptor, 0, rowsOf(descriptor)).elements;
  return { descriptor, places, times: Math.min(64, Math.max(1, Math.ceil(shortWork / Math.max(1, work)))) };
}

/** The case as a program of one step. Operands are called by their roles. */
export function caseProgram({ descriptor, places, times, apart }: Case, provider: GemmProvider): Program {
  const operands = Object.entries(places).map(([name, place]): Operand => {
    const access = name === "c" || name === "target" ? "read-write" : "read";
    return "pack" in place
      ? { name, access, pack: place.pack }
      : { name, access, extent: [0, elements(place, provider)] };
  });
  const at = Object.fromEntries(operands.map(({ name }) => [name, { of: name, at: 0 }]));
  const body = apart ? loop("phase", times, [serial({ kernel: 0, at })]) : serial({ kernel: 0, times, at });
  return { operands, slots: [], kernels: [descriptor], body: [body] };
}

function elements(place: Exclude<Place, { readonly pack: PackDescriptor }>, provider: GemmProvider): number {
  return "panels" in place ? provider.panelElements(place.panels.depth, place.panels.columns) : place.elements;
}
