import { convError, type Heap } from "@leanconv/core";
import {
  type BoundNode,
  type BoundPhase,
  Linker,
  PART,
  type PackedUnits,
  type Resolved,
  STEP,
  THREAD,
} from "./link.ts";
import { Pace } from "./pace.ts";
import type { Program } from "./program.ts";
import { type RunAsyncOptions, runInSlices } from "./run-async.ts";
import type { Team } from "./team.ts";

/**
 * Executes a program by walking its nodes. Everything is resolved to numbers when it is built; `run` only adds and
 * multiplies them. A phase is done in `parts` shares: whole parts where there are enough of them, else shares of the
 * single kernels, which give the same bits.
 *
 * With a team, its members compute the shares of a phase at the same time; without one they follow each other.
 */
export class BoundProgram {
  readonly #program: Program;
  readonly #provider: PackedUnits;
  readonly #body: readonly BoundNode[];
  readonly #phases: readonly BoundPhase[];
  readonly #counters: Float64Array;
  readonly #scratch: number;
  readonly #scratchStride: number;
  readonly #threads: number;
  readonly #parts: number | undefined;
  readonly #team: Team | undefined;
  readonly #heap: Heap | undefined;
  #running = false;

  constructor(program: Program, provider: PackedUnits, resolved: Resolved, team?: Team) {
    const linker = new Linker(program, provider, resolved);
    this.#program = program;
    this.#provider = provider;
    this.#body = linker.nodes(program.body);
    this.#phases = linker.phases;
    this.#counters = new Float64Array(linker.counters);
    this.#scratch = resolved.scratch;
    this.#scratchStride = resolved.scratchStride;
    this.#threads = resolved.threads;
    this.#parts = resolved.parts;
    this.#team = team;
    this.#heap = resolved.heap;
  }

  run(): void {
    this.#assertReady("run");
    this.#walk(this.#body);
  }

  /** In slices on this thread, since there is no other; other work gets its turn between them. */
  async runAsync(options: RunAsyncOptions = {}): Promise<void> {
    this.#assertReady("runAsync");
    this.#running = true;
    try {
      const pace = new Pace(this.#program);
      await runInSlices(this.#slices(this.#body, pace), pace, options);
    } finally {
      this.#running = false;
    }
  }

  /** The shares of one member, in a phase that another thread started with these counters. */
  runShares(phase: number, counters: Float64Array, member: number, members: number): void {
    for (let i = 0; i < this.#counters.length; i++) this.#counters[i] = counters[i];
    this.#memberShares(this.#phases[phase], member, members);
  }

  #assertReady(where: string): void {
    if (this.#provider.disposed) throw convError("state.disposed", { where, what: "the provider was disposed" });
    this.#heap?.assertUsable(where);
    if (!this.#running) return;
    const fix = "wait for its promise, or bind the program twice";
    throw convError("state.busy", { where, what: "runAsync of the same program is not done", fix });
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

  /** The same walk, which rests between shares when the pace says so. */
  *#slices(nodes: readonly BoundNode[], pace: Pace): Generator<void, void> {
    for (const node of nodes) {
      if (node.kind === "phase") {
        const shares = Math.max(pace.shares(node.index), this.#parts ?? 1);
        for (let share = 0; share < shares; share++) {
          this.#share(node, share, shares, share % this.#threads);
          if (pace.rests(node.index, share, shares)) yield;
        }
      } else if (node.kind === "loop") {
        for (let index = 0; index < node.count; index++) {
          this.#counters[node.counter] = index;
          yield* this.#slices(node.body, pace);
        }
      } else {
        yield* this.#slices(node.save, pace);
        try {
          yield* this.#slices(node.body, pace);
        } finally {
          yield* this.#slices(node.restore, pace);
        }
      }
    }
  }

  #phase(phase: BoundPhase): void {
    const team = this.#team;
    if (team === undefined) {
      const parts = this.#parts ?? this.#threads;
      for (let share = 0; share < parts; share++) this.#share(phase, share, parts, share % this.#threads);
      return;
    }
    const members = team.fork(phase.index, this.#counters);
    try {
      this.#memberShares(phase, 0, members);
    } finally {
      team.join();
    }
  }

  #memberShares(phase: BoundPhase, member: number, members: number): void {
    const parts = this.#parts ?? members;
    for (let share = member; share < parts; share += members) this.#share(phase, share, parts, member);
  }

  /** One share of a phase: a contiguous run of its parts or, with fewer parts than shares, a share of every kernel. */
  #share(phase: BoundPhase, share: number, shares: number, thread: number): void {
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
