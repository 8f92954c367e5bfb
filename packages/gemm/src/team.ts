/** Other threads that compute shares of a phase at the same time as the caller, who is member 0. */
export interface Team {
  readonly members: number;
  /** Lets the others begin their shares. May throw to stop the program before this phase, which undoes what is guarded. */
  fork(phase: number, counters: Float64Array): void;
  /** Waits for the others. Throws what failed in them. */
  join(): void;
}
