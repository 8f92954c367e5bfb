import { convError, type Heap } from "@leanconv/core";
import {
  type Executable,
  type GemmProvider,
  type Program,
  type ProgramBinding,
  type Resolved,
  resolveProgram,
} from "@leanconv/gemm";
import type { KernelModules } from "../instantiate.ts";
import type { WasmKernel } from "../kernel.ts";
import type { Pool } from "../pool/index.ts";
import type { Tile } from "../tile.ts";
import { JobBlock } from "./job-block.ts";
import type { BindMessage, DropMessage, HeapMessage, LeadMessage, LeadResult } from "./messages.ts";
import { ThreadedProgram } from "./threaded-program.ts";

/** A heap that the threads know. */
export interface ThreadHeap {
  readonly id: number;
  readonly block: JobBlock;
}

/** The threads of one provider: a pool with the kernels, and what it is doing. */
export class KernelThreads {
  readonly pool: Pool;
  readonly #modules: KernelModules;
  readonly #tile: Tile;
  readonly #setup: unknown;
  readonly #heaps = new WeakMap<Heap, ThreadHeap>();
  #numbers = 0;
  #leading: Promise<unknown> | undefined;
  #disposed = false;

  constructor(pool: Pool, modules: KernelModules, tile: Tile, setup: unknown) {
    this.pool = pool;
    this.#modules = modules;
    this.#tile = tile;
    this.#setup = setup;
  }

  /** Puts the kernels of every thread on a new memory. */
  async addHeap(heap: Heap, memory: WebAssembly.Memory, jobBlock: number): Promise<void> {
    const id = ++this.#numbers;
    const [modules, tile, setup] = [this.#modules, this.#tile, this.#setup];
    const message: HeapMessage = { kind: "heap", heap: id, memory, modules, tile, jobBlock, setup };
    await this.pool.askAll(message);
    this.#heaps.set(heap, { id, block: new JobBlock(memory.buffer, jobBlock) });
  }

  /** Lets the threads forget a heap, so that its memory can be freed. */
  dropHeap(heap: Heap): void {
    const known = this.#heaps.get(heap);
    if (known === undefined || this.pool.broken !== undefined) return;
    const message: DropMessage = { kind: "drop", heap: known.id };
    this.pool.tell(message);
  }

  bind(program: Program, binding: ProgramBinding, provider: GemmProvider): Executable {
    const resolved = resolveProgram(program, provider, binding);
    const { threads } = this.pool;
    if (resolved.threads > threads) {
      const where = `bind (${provider.name})`;
      const fix = `open the provider with threads: ${resolved.threads}`;
      throw convError("argument.range", {
        where,
        what: "threads",
        got: resolved.threads,
        wanted: `1 to ${threads}`,
        fix,
      });
    }
    const heap = this.#heaps.get(binding.heap);
    if (heap === undefined) {
      throw convError("state.wrong-memory", { where: `bind (${provider.name})`, what: "a heap of another provider" });
    }
    return new ThreadedProgram(this, heap, program, provider, resolved);
  }

  /** Sends a program to the threads, with the tables that compiling it has written. Returns its number. */
  post(heap: ThreadHeap, program: Program, { kernels, heap: _, ...places }: Resolved): number {
    const id = ++this.#numbers;
    const tables = kernels.map((kernel) => (kernel as WasmKernel).table);
    const message: BindMessage = { kind: "bind", heap: heap.id, id, program, places, tables };
    this.pool.tell(message);
    return id;
  }

  /** @throws `state.disposed`, `state.busy`, `provider.failed` */
  assertReady(where: string): void {
    if (this.#disposed) throw convError("state.disposed", { where, what: "the provider was disposed" });
    if (this.#leading) {
      const fix = "wait for its promise, or open another provider";
      throw convError("state.busy", { where, what: "the threads are busy with runAsync", fix });
    }
    const { broken } = this.pool;
    if (broken !== undefined) throw convError("provider.failed", { where, what: broken });
  }

  /** Lets the first other thread lead a run. */
  async lead(message: LeadMessage, onNews: (news: unknown) => void): Promise<LeadResult> {
    this.pool.bell.stopping = false;
    const answer = this.pool.ask(1, message, onNews);
    this.#leading = answer.catch(() => {});
    try {
      return (await answer) as LeadResult;
    } finally {
      this.#leading = undefined;
    }
  }

  /** Asks the leader to stop before its next phase. */
  stop(): void {
    this.pool.bell.stopping = true;
  }

  /** Stops what is running, with its input restored, and ends the threads. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#leading === undefined) void this.pool.end();
    else {
      this.stop();
      void this.#leading.then(() => this.pool.end());
    }
  }
}
