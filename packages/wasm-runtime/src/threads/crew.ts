import { BoundProgram, countPhases, type GemmProvider, type Kernel, type KernelDescriptor } from "@leanconv/gemm";
import { formOf } from "../forms.ts";
import { instantiateInThread } from "../instantiate.ts";
import { kernelAt, type ThreadKernels } from "../kernel-at.ts";
import type { Crew, Place } from "../pool/index.ts";
import { JobBlock } from "./job-block.ts";
import { LeadTeam } from "./lead-team.ts";
import type { BindMessage, HeapMessage, LeadMessage, LeadNews, LeadResult, ThreadMessage } from "./messages.ts";
import { PoolTeam } from "./pool-team.ts";

/** How one thread computes on one memory, with the tables that the first thread has written. */
export interface CrewKernels {
  readonly packedForm: GemmProvider["packedForm"];
  kernelAt(descriptor: KernelDescriptor, table: number): Kernel;
}

interface CrewHeap {
  readonly kernels: CrewKernels;
  readonly panelWidth: number;
  readonly block: JobBlock;
  readonly programs: Map<number, CrewProgram>;
}

interface CrewProgram {
  readonly bound: BoundProgram;
  readonly team: LeadTeam;
  readonly phases: number;
}

/** Progress is told about this often in a run. */
const newsOfRun = 100;

/** What one thread knows: the heaps, and on each the programs bound so far. */
export class KernelCrew implements Crew {
  readonly #place: Place;
  readonly #open: (kernels: ThreadKernels, setup: unknown) => CrewKernels;
  readonly #heaps = new Map<number, CrewHeap>();

  /** `open` makes the kernels of a provider from those in WebAssembly, and from what it sends to its threads. */
  constructor(place: Place, open: (kernels: ThreadKernels, setup: unknown) => CrewKernels = wasmCrew) {
    this.#place = place;
    this.#open = open;
  }

  receive(body: unknown, tell: (news: LeadNews) => void): unknown {
    const message = body as ThreadMessage;
    if (message.kind === "heap") return this.#addHeap(message);
    if (message.kind === "bind") return this.#bind(message);
    if (message.kind === "lead") return this.#lead(message, tell);
    return void this.#heaps.delete(message.heap);
  }

  work(job: number, member: number): void {
    const { block, programs } = this.#heap(job);
    const { program, phase, members, counters } = block;
    if (member < members) this.#program(programs, program).bound.runShares(phase, counters, member, members);
  }

  #addHeap({ heap, memory, modules, tile, jobBlock, setup }: HeapMessage): void {
    const wasm = instantiateInThread(modules, memory);
    this.#heaps.set(heap, {
      kernels: this.#open({ wasm, float32: new Float32Array(memory.buffer), tile }, setup),
      panelWidth: tile.nr,
      block: new JobBlock(memory.buffer, jobBlock),
      programs: new Map(),
    });
  }

  #bind({ heap, id, program, places, tables }: BindMessage): void {
    const { bell, thread, threads } = this.#place;
    const { kernels, panelWidth, block, programs } = this.#heap(heap);
    const crew = threads - 1 - thread;
    const members = Math.min(places.threads, crew + 1);
    const pool = new PoolTeam({ bell, block, heap, program: id, leader: thread, crew, members });
    const team = new LeadTeam(pool, bell);
    const units = { packedForm: kernels.packedForm, capabilities: { panelWidth } };
    const compiled = program.kernels.map((descriptor, i) => kernels.kernelAt(descriptor, tables[i]));
    const bound = new BoundProgram(program, units, { ...places, kernels: compiled }, team);
    programs.set(id, { bound, team, phases: countPhases(program.body) });
  }

  #lead({ heap, id, progress }: LeadMessage, tell: (news: LeadNews) => void): LeadResult {
    const { bound, team, phases } = this.#program(this.#heap(heap).programs, id);
    let done = 0;
    const onPhase = (): void => {
      done++;
      if (done === phases || Math.floor((done * newsOfRun) / phases) > Math.floor(((done - 1) * newsOfRun) / phases)) {
        tell(done);
      }
    };
    return team.lead(() => bound.run(), progress ? onPhase : undefined) ? "done" : "stopped";
  }

  #heap(heap: number): CrewHeap {
    const found = this.#heaps.get(heap);
    if (found === undefined) throw new Error(`there is no heap ${heap}`);
    return found;
  }

  #program(programs: ReadonlyMap<number, CrewProgram>, id: number): CrewProgram {
    const found = programs.get(id);
    if (found === undefined) throw new Error(`there is no program ${id}`);
    return found;
  }
}

/** The kernels in WebAssembly alone. */
function wasmCrew(kernels: ThreadKernels): CrewKernels {
  return {
    packedForm: (pack) => formOf(pack, kernels.tile),
    kernelAt: (descriptor, table) => kernelAt(descriptor, table, kernels),
  };
}
