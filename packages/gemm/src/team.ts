/** Other threads that compute shares of a phase at the same time as the caller, who is member 0. */
export interface Team {
  /**
   * Lets the others begin their shares. Returns how many share the phase, 1 where the caller is alone. May throw to stop
   * the program before this phase, which undoes what is guarded.
   */
  fork(phase: number, counters: Float64Array): number;
  /** Waits for the others. Throws what failed in them. */
  join(): void;
}
