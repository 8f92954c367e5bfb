import { convError } from "@leanconv/core";
import type { KernelDescriptor, PackDescriptor } from "./descriptor.ts";
import { levelCount } from "./levels.ts";
import { rowsOf } from "./link.ts";
import type { Address, Affine, Node, Operand, Program, Role, Step } from "./program.ts";
import type { GemmProvider } from "./provider.ts";
import { type Reach, type Rows, roleReach } from "./reach.ts";

/**
 * Proves from the data alone that no step of a program leaves the operand or slot it names, or writes one that is only
 * read. A program comes from an algorithm that may be anybody's, and a kernel trusts its offsets.
 * @throws `argument.descriptor`
 */
export function checkProgramExtents(program: Program, provider: GemmProvider, where: string): void {
  const checker = new ExtentChecker(program, provider, where);
  const visit = (nodes: readonly Node[], counts: ReadonlyMap<string, number>): void => {
    for (const node of nodes) {
      if (node.kind === "loop") {
        if (node.count > 0) visit(node.body, new Map(counts).set(node.index, node.count));
      } else if (node.kind === "guarded") {
        visit(node.save, counts);
        visit(node.body, counts);
        visit(node.restore, counts);
      } else {
        for (const part of node.parts) {
          if (part.times === 0) continue;
          for (const step of part.steps) {
            checker.step(step, new Map(counts).set("part", part.times).set("step", step.times ?? 1));
          }
        }
      }
    }
  };
  visit(program.body, new Map());
}

/** The values a counter takes here. */
type Counter = readonly [first: number, last: number];
type Counters = ReadonlyMap<string, Counter>;

class ExtentChecker {
  readonly #program: Program;
  readonly #provider: GemmProvider;
  readonly #where: string;
  readonly #operands: ReadonlyMap<string, Operand>;
  /** Elements of everything that is no packed constant. */
  readonly #sizes = new Map<string, Reach>();

  constructor(program: Program, provider: GemmProvider, where: string) {
    this.#program = program;
    this.#provider = provider;
    this.#where = where;
    this.#operands = new Map(program.operands.map((operand) => [operand.name, operand]));
    for (const { name, pack, extent } of program.operands) {
      if (!pack) this.#sizes.set(name, [extent?.[0] ?? 0, (extent?.[1] ?? 0) - 1]);
    }
    for (const slot of program.slots) this.#sizes.set(slot.name, [0, slot.elements - 1]);
  }

  step(step: Step, counts: ReadonlyMap<string, number>): void {
    const descriptor = this.#program.kernels[step.kernel];
    if (descriptor === undefined) this.#fail(`a step names kernel ${step.kernel}, which is not there`);
    const cases = rowCases(step, descriptor, counts);
    for (const [[begin, end]] of cases) {
      if (end <= begin || (begin >= 0 && end <= rowsOf(descriptor))) continue;
      this.#fail(`a ${descriptor.kind} step leaves its rows`, `${begin} to ${end}`, `0 to ${rowsOf(descriptor)}`);
    }
    for (const [role, writes] of rolesOf(descriptor)) {
      const address = step.at[role];
      if (address === undefined) {
        this.#fail(`a ${descriptor.kind} step has no address of its ${role}`);
      }
      const operand = this.#operands.get(address.of);
      if (writes && operand?.access === "read") {
        this.#fail(`a ${descriptor.kind} step writes "${address.of}", which is only read`);
      }
      for (const [rows, counters] of cases) {
        if (operand?.pack) this.#packed(operand, address, role, descriptor, counters);
        else this.#elements(address, role, descriptor, rows, counters);
      }
    }
  }

  /** Strided memory and panels. */
  #elements(address: Address, role: Role, descriptor: KernelDescriptor, rows: Rows, counters: Counters): void {
    const size = this.#sizes.get(address.of);
    if (size === undefined) this.#fail(`a step names no operand or slot "${address.of}"`);
    const reach = roleReach(descriptor, role, rows, this.#provider);
    if (reach === undefined || reach[1] < reach[0]) return;
    const leaves = `a ${descriptor.kind} step leaves "${address.of}" as its ${role}`;
    const [low, high] = range(address, counters);
    if (low + reach[0] < size[0] || high + reach[1] > size[1]) {
      this.#fail(leaves, `elements ${low + reach[0]} to ${high + reach[1]}`, `elements ${size[0]} to ${size[1]}`);
    }
    const panels = panelDepth(descriptor, role);
    if (panels === undefined) return;
    const [first, last] = address.k ? range(address.k, counters) : [0, 0];
    if (first < 0 || last + panels.used > panels.depth) {
      this.#fail(leaves, `k ${first} to ${last + panels.used}`, `k 0 to ${panels.depth}`);
    }
  }

  /** Constants in the provider's form, addressed in batches and k. */
  #packed({ name, pack }: Operand, address: Address, role: Role, d: KernelDescriptor, counters: Counters): void {
    if (d.kind !== "gemm" || role !== "a" || d.a.kind !== "packed") {
      this.#fail(`a ${d.kind} step takes the packed constant "${name}" as its ${role}`);
    }
    const sizes = packSizes(pack!);
    const taken = packSizes(d.a.pack);
    if (sizes.join() !== taken.join()) {
      this.#fail(`a gemm takes the packed constant "${name}" in another form`, taken, sizes);
    }
    const [batches, rows, depth] = sizes;
    const [low, high] = range(address, counters);
    const [kLow, kHigh] = address.k ? range(address.k, counters) : [0, 0];
    const span = Math.max(0, (d.batch?.count ?? 1) - 1) * (d.batch?.a ?? 0);
    const [first, last] = [low + Math.min(0, span), high + Math.max(0, span)];
    const [mLow, mHigh] = address.m ? range(address.m, counters) : [0, 0];
    if (first < 0 || last >= batches || kLow < 0 || kHigh + d.k > depth || mLow < 0 || mHigh + d.m > rows) {
      const got = `batches ${first} to ${last}, rows ${mLow} to ${mHigh + d.m}, k ${kLow} to ${kHigh + d.k}`;
      this.#fail(
        `a gemm step leaves the packed constant "${name}"`,
        got,
        `batches 0 to ${batches - 1}, rows 0 to ${rows}, k 0 to ${depth}`,
      );
    }
    const panel = this.#provider.packedForm(pack!).panel || 1;
    const moving = Object.entries(address.m?.by ?? {}).filter(([name]) => (counters.get(name)?.[1] ?? 0) > 0);
    const steps = [address.m?.at ?? 0, ...moving.map(([, step]) => step)];
    if (steps.some((step) => step % panel !== 0)) {
      this.#fail(
        `a gemm step begins inside of a panel of the packed constant "${name}"`,
        steps,
        `multiples of ${panel}`,
      );
    }
  }

  #fail(what: string, got?: unknown, wanted?: unknown): never {
    throw convError("argument.descriptor", { where: this.#where, what, got, wanted });
  }
}

/** The places a kernel needs, and whether it writes there. */
function rolesOf(d: KernelDescriptor): [role: Role, writes: boolean][] {
  const vectors = ("activation" in d && d.activation?.kind === "prelu" ? [["slopes", false]] : []) as [Role, boolean][];
  if ((d.kind === "gemm" || d.kind === "transform") && d.bias) vectors.push(["bias", false]);
  switch (d.kind) {
    case "gemm":
      return [["a", false], ["b", false], ["c", true], ...vectors];
    case "fill":
      return typeof d.value === "object"
        ? [
            ["target", true],
            ["values", false],
          ]
        : [["target", true]];
    case "activate":
      return [["target", true], ...vectors];
    default:
      return [["source", false], ["target", true], ...vectors];
  }
}

/** How deep the panels of an operand are, and how much of the depth a call uses; undefined for other operands. */
function panelDepth(d: KernelDescriptor, role: Role): { readonly depth: number; readonly used: number } | undefined {
  if (d.kind === "gemm") {
    return role === "b" && d.b.kind === "panels" ? { depth: d.b.depth, used: d.k } : undefined;
  }
  if (d.kind !== "copy" || role !== "target" || d.target.kind !== "panels") return undefined;
  const { depth, k } = d.target;
  return { depth, used: 1 + d.extents.reduce((sum, extent, i) => sum + Math.max(0, extent - 1) * k[i], 0) };
}

/** Matrices, rows and depth of a packed constant. */
function packSizes(pack: PackDescriptor): readonly [batches: number, rows: number, depth: number] {
  return [levelCount(pack.batch), levelCount(pack.rows), levelCount(pack.k)];
}

/** Lowest and highest value of an address. */
function range(affine: Affine, counters: Counters): Reach {
  let low = affine.at;
  let high = affine.at;
  for (const [name, stride] of Object.entries(affine.by ?? {})) {
    const [first, last] = counters.get(name) ?? [0, 0];
    low += Math.min(stride * first, stride * last);
    high += Math.max(stride * first, stride * last);
  }
  return [low, high];
}

/** Every row range a step runs, each with the counters that choose it held at their value. */
function rowCases(step: Step, descriptor: KernelDescriptor, counts: ReadonlyMap<string, number>): [Rows, Counters][] {
  const free = new Map<string, Counter>([...counts].map(([name, count]) => [name, [0, count - 1]]));
  const { rows } = step;
  if (rows === undefined) return [[[0, rowsOf(descriptor)], free]];
  let cases: [number, Counters][] = [[rows.begin.at, free]];
  for (const [name, stride] of Object.entries(rows.begin.by ?? {})) {
    if (stride === 0) continue;
    cases = cases.flatMap(([at, map]) =>
      Array.from({ length: counts.get(name) ?? 1 }, (_, i): [number, Counters] => [
        at + i * stride,
        new Map(map).set(name, [i, i]),
      ]),
    );
  }
  return cases.map(([begin, map]) => [[begin, Math.min(begin + rows.count, rows.limit)], map]);
}
