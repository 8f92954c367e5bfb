import { convError, type Heap, isConvError } from "@leanconv/core";
import {
  BoundProgram,
  countPhases,
  type Executable,
  type PackedUnits,
  type Program,
  type Resolved,
  type RunAsyncOptions,
} from "@leanconv/gemm";
import type { KernelThreads, ThreadHeap } from "./kernel-threads.ts";
import { PoolTeam } from "./pool-team.ts";

/** A program that the threads of a pool run together, or without the calling thread. */
export class ThreadedProgram implements Executable {
  readonly #threads: KernelThreads;
  readonly #heap: ThreadHeap;
  readonly #memory: Heap | undefined;
  readonly #program: Program;
  readonly #bound: BoundProgram;
  readonly #id: number;

  constructor(threads: KernelThreads, heap: ThreadHeap, program: Program, units: PackedUnits, resolved: Resolved) {
    const { pool } = threads;
    this.#threads = threads;
    this.#heap = heap;
    this.#memory = resolved.heap;
    this.#program = program;
    this.#id = threads.post(heap, program, resolved);
    const crew = pool.threads - 1;
    const place = { bell: pool.bell, block: heap.block, heap: heap.id, program: this.#id };
    const team = new PoolTeam({ ...place, leader: 0, crew, members: resolved.threads });
    this.#bound = new BoundProgram(program, units, resolved, team);
  }

  run(): void {
    this.#threads.assertReady("run");
    try {
      this.#bound.run();
    } catch (error) {
      throw isConvError(error) ? error : failed("run", error);
    }
  }

  /** On the other threads only: with one fewer than `run` has, or with one. */
  async runAsync({ signal, onProgress }: RunAsyncOptions = {}): Promise<void> {
    const threads = this.#threads;
    threads.assertReady("runAsync");
    this.#memory?.assertUsable("runAsync");
    if (signal?.aborted) throw signal.reason;
    const total = onProgress ? countPhases(this.#program.body) : 0;
    let broken: { readonly error: unknown } | undefined;
    const stop = (): void => threads.stop();
    const onNews = (done: unknown): void => {
      try {
        onProgress?.(done as number, total);
      } catch (error) {
        broken ??= { error };
        stop();
      }
    };
    signal?.addEventListener("abort", stop);
    try {
      const message = { kind: "lead", heap: this.#heap.id, id: this.#id, progress: onProgress !== undefined } as const;
      const result = await threads.lead(message, onNews);
      if (broken) throw broken.error;
      if (result === "done") return;
      if (signal?.aborted) throw signal.reason;
      throw convError("state.disposed", { where: "runAsync", what: "the provider was disposed" });
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }
}

function failed(where: string, cause: unknown): Error {
  const what = cause instanceof Error ? cause.message : String(cause);
  return convError("provider.failed", { where, what: `a kernel failed: ${what}`, cause });
}
