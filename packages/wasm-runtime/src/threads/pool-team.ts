import { convError } from "@leanconv/core";
import type { Team } from "@leanconv/gemm";
import type { Bell } from "../pool/index.ts";
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
  readonly #options: PoolTeamOptions;
  #forked = false;

  constructor(options: PoolTeamOptions) {
    this.#options = options;
  }

  /** Once a thread is lost the leader is alone: what is left is undoing what is guarded. */
  fork(phase: number, counters: Float64Array): number {
    const { bell, block, heap, program, leader, crew, members } = this.#options;
    this.#forked = members > 1 && bell.lost === 0;
    if (!this.#forked) return 1;
    block.write(program, phase, members, counters);
    bell.start(heap, leader, crew);
    return members;
  }

  join(): void {
    if (!this.#forked) return;
    const { bell } = this.#options;
    const lost = bell.finish();
    const failure = bell.takeFailure();
    if (lost === 0 && failure === undefined) return;
    const what = lost === 0 ? `a thread failed: ${failure}` : `thread ${lost} ended before it had done its share`;
    const fix = "dispose the provider and open another one";
    throw convError("provider.failed", { where: "run", what, ...(lost !== 0 && { fix }) });
  }
}
