import { BoundProgram, countPhases, type PackDescriptor, type PackedForm } from "@leanconv/gemm";
import type { Crew, Place } from "@leanconv/wasm-kernels";
import { formOf } from "../forms.ts";
import { instantiateInThread } from "../instantiate.ts";
import { kernelAt, type ThreadKernels } from "../kernel-at.ts";
import { JobBlock } from "./job-block.ts";
import { LeadTeam } from "./lead-team.ts";
import type { BindMessage, HeapMessage, LeadMessage, LeadNews, LeadResult, ThreadMessage } from "./messages.ts";
import { PoolTeam } from "./pool-team.ts";

interface CrewHeap {
  readonly kernels: ThreadKernels;
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
  readonly #heaps = new Map<number, CrewHeap>();

  constructor(place: Place) {
    this.#place = place;
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

  #addHeap({ heap, memory, modules, tile, jobBlock }: HeapMessage): void {
    const wasm = instantiateInThread(modules, memory);
    this.#heaps.set(heap, {
      kernels: { wasm, float32: new Float32Array(memory.buffer), tile },
      block: new JobBlock(memory.buffer, jobBlock),
      programs: new Map(),
    });
  }

  #bind({ heap, id, program, places, tables }: BindMessage): void {
    const { bell, thread, threads } = this.#place;
    const { kernels, block, programs } = this.#heap(heap);
    const { tile } = kernels;
    const crew = threads - 1 - thread;
    const members = Math.min(places.threads, crew + 1);
    const pool = new PoolTeam({ bell, block, heap, program: id, leader: thread, crew, members });
    const team = new LeadTeam(pool, bell);
    const packedForm = (pack: PackDescriptor): PackedForm => formOf(pack, tile);
    const units = { packedForm, capabilities: { panelWidth: tile.nr } };
    const compiled = program.kernels.map((descriptor, i) => kernelAt(descriptor, tables[i], kernels));
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
