import { convError, type Heap } from "@leanconv/core";
import type { KernelDescriptor } from "./descriptor.ts";
import { levelCount } from "./levels.ts";
import type { Address, Affine, Node, Part, Phase, Program, Role, RowRange, Step } from "./program.ts";
import type { Capabilities, GemmProvider, Kernel, KernelCall } from "./provider.ts";

/** What binding resolved: element offsets from the start of the heap, as plain data that may cross a thread border. */
export interface ResolvedPlaces {
  readonly offsets: ReadonlyMap<string, number>;
  /** Distance of two threads' copies of a slot. */
  readonly perThread: ReadonlyMap<string, number>;
  readonly scratch: number;
  readonly scratchStride: number;
  readonly threads: number;
  /** Shares of a phase; undefined means one for every thread. */
  readonly parts: number | undefined;
}

export interface Resolved extends ResolvedPlaces {
  readonly kernels: readonly Kernel[];
  /** Asked before every run whether it is still there; absent in threads that are not asked for runs. */
  readonly heap?: Heap;
}

/** What a bound program asks of its provider: how addresses count in packed constants and panels, and if it is there. */
export interface PackedUnits {
  readonly disposed?: boolean;
  packedForm: GemmProvider["packedForm"];
  readonly capabilities: Pick<Capabilities, "panelWidth">;
}

/** The counters an address may depend on. Loops take the places after these, by depth. */
export const PART = 0;
export const STEP = 1;
export const THREAD = 2;
const LOOPS = 3;

export type BoundNode = BoundPhase | BoundLoop | BoundGuarded;

interface BoundLoop {
  readonly kind: "loop";
  readonly counter: number;
  readonly count: number;
  readonly body: readonly BoundNode[];
}

interface BoundGuarded {
  readonly kind: "guarded";
  readonly save: readonly BoundNode[];
  readonly body: readonly BoundNode[];
  readonly restore: readonly BoundNode[];
}

export interface BoundPhase {
  readonly kind: "phase";
  /** Place in the order in which a program names its phases: the same in every thread. */
  readonly index: number;
  readonly parts: readonly BoundPart[];
  /** Parts with their repetitions. */
  readonly count: number;
  /** Every part is one call, so that a call may be shared out. */
  readonly single: boolean;
}

interface BoundPart {
  readonly times: number;
  readonly steps: readonly BoundStep[];
}

/** base + sum of strides[i] * counters[ids[i]]. */
class BoundAffine {
  readonly #base: number;
  readonly #ids: Int32Array;
  readonly #strides: Float64Array;

  constructor(base: number, terms: readonly (readonly [id: number, stride: number])[]) {
    this.#base = base;
    this.#ids = Int32Array.from(terms, (term) => term[0]);
    this.#strides = Float64Array.from(terms, (term) => term[1]);
  }

  value(counters: Float64Array): number {
    let value = this.#base;
    for (let i = 0; i < this.#ids.length; i++) value += this.#strides[i] * counters[this.#ids[i]];
    return value;
  }
}

const roles: readonly Role[] = ["a", "b", "c", "bias", "slopes", "source", "target", "values"];
const nowhere = new BoundAffine(0, []);

class BoundStep {
  readonly times: number;
  readonly call: KernelCall;
  readonly #kernel: Kernel;
  readonly #places: readonly BoundAffine[];
  readonly #begin: BoundAffine;
  readonly #count: number;
  readonly #limit: number;

  constructor(kernel: Kernel, times: number, places: readonly BoundAffine[], rows: BoundRows) {
    this.#kernel = kernel;
    this.times = times;
    this.#places = places;
    this.#begin = rows.begin;
    this.#count = rows.count;
    this.#limit = rows.limit;
    this.call = {
      ...{ a: 0, b: 0, c: 0, bias: 0, slopes: 0, source: 0, target: 0, values: 0 },
      ...{ rowBegin: 0, rowEnd: 0, scratch: 0, part: 0, parts: 1 },
    };
  }

  run(counters: Float64Array): void {
    const { call } = this;
    const places = this.#places;
    call.a = places[0].value(counters);
    call.b = places[1].value(counters);
    call.c = places[2].value(counters);
    call.bias = places[3].value(counters);
    call.slopes = places[4].value(counters);
    call.source = places[5].value(counters);
    call.target = places[6].value(counters);
    call.values = places[7].value(counters);
    call.rowBegin = this.#begin.value(counters);
    call.rowEnd = Math.min(call.rowBegin + this.#count, this.#limit);
    this.#kernel.run(call);
  }
}

interface BoundRows {
  readonly begin: BoundAffine;
  readonly count: number;
  readonly limit: number;
}

/** Turns names into numbers. */
export class Linker {
  readonly #program: Program;
  readonly #provider: PackedUnits;
  readonly #resolved: Resolved;
  readonly #ids = new Map<string, number>([
    ["part", PART],
    ["step", STEP],
  ]);
  /** Every phase, by its index. */
  readonly phases: BoundPhase[] = [];
  counters: number = LOOPS;
  #depth = 0;

  constructor(program: Program, provider: PackedUnits, resolved: Resolved) {
    this.#program = program;
    this.#provider = provider;
    this.#resolved = resolved;
  }

  nodes(nodes: readonly Node[]): BoundNode[] {
    return nodes.map((node) => this.#node(node));
  }

  #node(node: Node): BoundNode {
    if (node.kind === "phase") return this.#phase(node);
    if (node.kind === "guarded") {
      const { save, body, restore } = node;
      return { kind: "guarded", save: this.nodes(save), body: this.nodes(body), restore: this.nodes(restore) };
    }
    const counter = LOOPS + this.#depth++;
    this.counters = Math.max(this.counters, counter + 1);
    const outer = this.#ids.get(node.index);
    this.#ids.set(node.index, counter);
    const body = this.nodes(node.body);
    if (outer === undefined) this.#ids.delete(node.index);
    else this.#ids.set(node.index, outer);
    this.#depth--;
    return { kind: "loop", counter, count: node.count, body };
  }

  #phase(phase: Phase): BoundPhase {
    const parts = phase.parts.map((part: Part) => ({
      times: part.times,
      steps: part.steps.map((step) => this.#step(step)),
    }));
    const bound: BoundPhase = {
      kind: "phase",
      index: this.phases.length,
      parts,
      count: parts.reduce((sum, part) => sum + part.times, 0),
      single: parts.every((part) => part.steps.length === 1 && part.steps[0].times === 1),
    };
    this.phases.push(bound);
    return bound;
  }

  #step(step: Step): BoundStep {
    const descriptor = this.#program.kernels[step.kernel];
    const kernel = this.#resolved.kernels[step.kernel];
    const places = roles.map((role) => {
      const address = step.at[role];
      return address === undefined ? nowhere : this.#address(address, role, descriptor);
    });
    return new BoundStep(kernel, step.times ?? 1, places, this.#rows(step.rows, descriptor));
  }

  #rows(rows: RowRange | undefined, descriptor: KernelDescriptor): BoundRows {
    const all = rowsOf(descriptor);
    if (rows === undefined) return { begin: nowhere, count: all, limit: all };
    return { begin: new BoundAffine(rows.begin.at, this.#terms(rows.begin, 1)), count: rows.count, limit: rows.limit };
  }

  #address(address: Address, role: Role, descriptor: KernelDescriptor): BoundAffine {
    const base = this.#resolved.offsets.get(address.of);
    if (base === undefined) {
      throw convError("argument.descriptor", { where: "program", what: `no operand or slot "${address.of}"` });
    }
    const { unit, kUnit, mUnit } = units(this.#provider, descriptor, role);
    const terms = [...this.#terms(address, unit)];
    let at = base + address.at * unit;
    if (address.k) {
      at += address.k.at * kUnit;
      terms.push(...this.#terms(address.k, kUnit));
    }
    if (address.m) {
      at += address.m.at * mUnit;
      terms.push(...this.#terms(address.m, mUnit));
    }
    const copies = this.#resolved.perThread.get(address.of);
    if (copies !== undefined) terms.push([THREAD, copies]);
    return new BoundAffine(at, terms);
  }

  #terms(affine: Affine, unit: number): [number, number][] {
    return Object.entries(affine.by ?? {}).map(([name, stride]) => {
      const id = this.#ids.get(name);
      if (id === undefined) {
        throw convError("argument.descriptor", { where: "program", what: `no counter "${name}" around this step` });
      }
      return [id, stride * unit];
    });
  }
}

/** Elements of one unit of `at`, of `k` and of `m` in an address of this role. */
function units(
  provider: PackedUnits,
  descriptor: KernelDescriptor,
  role: Role,
): { readonly unit: number; readonly kUnit: number; readonly mUnit: number } {
  if (descriptor.kind === "gemm" && role === "a" && descriptor.a.kind === "packed") {
    const form = provider.packedForm(descriptor.a.pack);
    // Whole panels of rows follow each other, each as long as its rows times the depth.
    return { unit: form.batchStride, kUnit: form.kStride, mUnit: levelCount(descriptor.a.pack.k) };
  }
  if (descriptor.kind === "gemm" && role === "b" && descriptor.b.kind === "panels") {
    return { unit: 1, kUnit: provider.capabilities.panelWidth, mUnit: 0 };
  }
  if (descriptor.kind === "copy" && role === "target" && descriptor.target.kind === "panels") {
    return { unit: 1, kUnit: provider.capabilities.panelWidth, mUnit: 0 };
  }
  return { unit: 1, kUnit: 1, mUnit: 0 };
}

/** Rows a call runs when it names no range. */
export function rowsOf(descriptor: KernelDescriptor): number {
  if (descriptor.kind === "gemm") return descriptor.rows;
  if (descriptor.kind === "transform") return descriptor.grid[0] * descriptor.grid[1];
  if ("rows" in descriptor && descriptor.rows !== undefined) return descriptor.extents[descriptor.rows];
  return 1;
}
