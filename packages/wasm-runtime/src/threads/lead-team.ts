import type { Team } from "@leanconv/gemm";
import type { Bell } from "../pool/index.ts";

/** Thrown once into a program that is asked to stop; what the program restores on the way out is not stopped again. */
export const stopped: unique symbol = Symbol("stopped");

/** A team whose leader is asked to stop by others, and tells them how far it is. */
export class LeadTeam implements Team {
  readonly #team: Team;
  readonly #bell: Bell;
  #onPhase: (() => void) | undefined;

  constructor(team: Team, bell: Bell) {
    this.#team = team;
    this.#bell = bell;
  }

  /** Runs, and says whether all of the program was run. */
  lead(run: () => void, onPhase: (() => void) | undefined): boolean {
    this.#onPhase = onPhase;
    try {
      run();
      return true;
    } catch (error) {
      if (error === stopped) return false;
      throw error;
    }
  }

  fork(phase: number, counters: Float64Array): number {
    if (this.#bell.stopping) {
      this.#bell.stopping = false;
      this.#onPhase = undefined;
      throw stopped;
    }
    return this.#team.fork(phase, counters);
  }

  join(): void {
    this.#team.join();
    this.#onPhase?.();
  }
}
