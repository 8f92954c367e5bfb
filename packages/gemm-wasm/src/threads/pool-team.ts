import { convError } from "@leanconv/core";
import type { Team } from "@leanconv/gemm";
import type { Bell } from "@leanconv/wasm-kernels";
import type { JobBlock } from "./job-block.ts";

export interface PoolTeamOptions {
  readonly bell: Bell;
  readonly block: JobBlock;
  readonly heap: number;
  readonly program: number;
  /** Which thread of the pool leads. */
  readonly leader: number;
  /** Threads of the pool behind the leader; all of them look at the job, the first `members` - 1 have a share. */
  readonly crew: number;
  readonly members: number;
}

/** The threads of a pool as the team of one program. */
export class PoolTeam implements Team {
  readonly members: number;
  readonly #options: PoolTeamOptions;

  constructor(options: PoolTeamOptions) {
    this.members = options.members;
    this.#options = options;
  }

  fork(phase: number, counters: Float64Array): void {
    if (this.members === 1) return;
    const { bell, block, heap, program, leader, crew } = this.#options;
    block.write(program, phase, this.members, counters);
    bell.start(heap, leader, crew);
  }

  join(): void {
    if (this.members === 1) return;
    const { bell } = this.#options;
    bell.finish();
    const failure = bell.takeFailure();
    if (failure === undefined) return;
    throw convError("provider.failed", { where: "run", what: `a thread failed: ${failure}` });
  }
}
