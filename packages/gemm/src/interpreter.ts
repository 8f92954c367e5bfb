import { convError } from "@leanconv/core";
import type { KernelDescriptor } from "./descriptor.ts";
import type { Address, Affine, Node, Part, Phase, Program, Role, RowRange, Step } from "./program.ts";
import type { GemmProvider, Kernel, KernelCall } from "./provider.ts";

/** What binding resolved: compiled kernels and element offsets from the start of the heap. */
export interface Resolved {
  readonly kernels: readonly Kernel[];
  readonly offsets: ReadonlyMap<string, number>;
  /** Distance of two threads' copies of a slot. */
  readonly perThread: ReadonlyMap<string, number>;
  readonly scratch: number;
  readonly scratchStride: number;
  readonly threads: number;
  readonly parts: number;
}

/** The counters an address may depend on. Loops take the places after these. */
const PART = 0;
const STEP = 1;
const THREAD = 2;

/**
 * Executes a program by walking its nodes. Everything is resolved to numbers when it is built; `run` only adds and
 * multiplies them. A phase is done in `parts` shares: whole parts where there are enough of them, else shares of the
 * single kernels, which give the same bits.
 */
export class BoundProgram {
  readonly #body: readonly BoundNode[];
  readonly #counters: Float64Array;
  readonly #scratch: number;
  readonly #scratchStride: number;
  readonly #threads: number;
  readonly #parts: number;

  constructor(program: Program, provider: GemmProvider, resolved: Resolved) {
    const linker = new Linker(program, provider, resolved);
    this.#body = linker.nodes(program.body);
    this.#counters = new Float64Array(linker.counters);
    this.#scratch = resolved.scratch;
    this.#scratchStride = resolved.scratchStride;
    this.#threads = resolved.threads;
    this.#parts = resolved.parts;
  }

  run(): void {
    this.#walk(this.#body);
  }

  #walk(nodes: readonly BoundNode[]): void {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      if (node.kind === "phase") this.#phase(node);
      else if (node.kind === "loop") {
        for (let index = 0; index < node.count; index++) {
          this.#counters[node.counter] = index;
          this.#walk(node.body);
        }
      } else {
        this.#walk(node.save);
        try {
          this.#walk(node.body);
        } finally {
          this.#walk(node.restore);
        }
      }
    }
  }

  #phase(phase: BoundPhase): void {
    for (let share = 0; share < this.#parts; share++) this.#share(phase, share);
  }

  /** One share of a phase: a contiguous run of its parts or, with fewer parts than shares, a share of every kernel. */
  #share(phase: BoundPhase, share: number): void {
    const shares = this.#parts;
    const thread = share % this.#threads;
    this.#counters[THREAD] = thread;
    const splitKernels = phase.count < shares && phase.single;
    const first = splitKernels ? 0 : Math.floor((phase.count * share) / shares);
    const end = splitKernels ? phase.count : Math.floor((phase.count * (share + 1)) / shares);
    let before = 0;
    for (let i = 0; i < phase.parts.length && before < end; i++) {
      const part = phase.parts[i];
      const last = Math.min(part.times, end - before);
      for (let index = Math.max(0, first - before); index < last; index++) {
        this.#counters[PART] = index;
        for (let s = 0; s < part.steps.length; s++) {
          const step = part.steps[s];
          step.call.scratch = this.#scratch + thread * this.#scratchStride;
          step.call.part = splitKernels ? share : 0;
          step.call.parts = splitKernels ? shares : 1;
          for (let time = 0; time < step.times; time++) {
            this.#counters[STEP] = time;
            step.run(this.#counters);
          }
        }
      }
      before += part.times;
    }
  }
}

type BoundNode = BoundPhase | BoundLoop | BoundGuarded;

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

interface BoundPhase {
  readonly kind: "phase";
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
class Linker {
  readonly #program: Program;
  readonly #provider: GemmProvider;
  readonly #resolved: Resolved;
  readonly #ids = new Map<string, number>([
    ["part", PART],
    ["step", STEP],
  ]);
  counters = 3;

  constructor(program: Program, provider: GemmProvider, resolved: Resolved) {
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
    const counter = this.counters++;
    const outer = this.#ids.get(node.index);
    this.#ids.set(node.index, counter);
    const body = this.nodes(node.body);
    if (outer === undefined) this.#ids.delete(node.index);
    else this.#ids.set(node.index, outer);
    return { kind: "loop", counter, count: node.count, body };
  }

  #phase(phase: Phase): BoundPhase {
    const parts = phase.parts.map((part: Part) => ({
      times: part.times,
      steps: part.steps.map((step) => this.#step(step)),
    }));
    return {
      kind: "phase",
      parts,
      count: parts.reduce((sum, part) => sum + part.times, 0),
      single: parts.every((part) => part.steps.length === 1 && part.steps[0].times === 1),
    };
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
    const { unit, kUnit } = units(this.#provider, descriptor, role);
    const terms = [...this.#terms(address, unit)];
    let at = base + address.at * unit;
    if (address.k) {
      at += address.k.at * kUnit;
      terms.push(...this.#terms(address.k, kUnit));
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

/** Elements of one unit of `at` and of `k` in an address of this role. */
function units(provider: GemmProvider, descriptor: KernelDescriptor, role: Role): { unit: number; kUnit: number } {
  if (descriptor.kind === "gemm" && role === "a" && descriptor.a.kind === "packed") {
    const form = provider.packedForm(descriptor.a.pack);
    return { unit: form.batchStride, kUnit: form.kStride };
  }
  if (descriptor.kind === "gemm" && role === "b" && descriptor.b.kind === "panels") {
    return { unit: 1, kUnit: provider.capabilities.panelWidth };
  }
  if (descriptor.kind === "copy" && role === "target" && descriptor.target.kind === "panels") {
    return { unit: 1, kUnit: provider.capabilities.panelWidth };
  }
  return { unit: 1, kUnit: 1 };
}

/** Rows a call runs when it names no range. */
export function rowsOf(descriptor: KernelDescriptor): number {
  if (descriptor.kind === "gemm") return descriptor.rows;
  if ("rows" in descriptor && descriptor.rows !== undefined) return descriptor.extents[descriptor.rows];
  return 1;
}
