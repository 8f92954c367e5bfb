/** A piece of transient memory: so many bytes, alive at every time from `begin` to `end`, both included. */
export interface Buffer {
  readonly bytes: number;
  readonly begin: number;
  readonly end: number;
}

/** Where every buffer of a list lies, from the start of one arena. */
export interface Arena {
  /** One per buffer, in the order of the list. */
  readonly offsets: readonly number[];
  /** The end of the highest buffer. */
  readonly bytes: number;
  /** What is alive at the fullest time: no arena can be smaller. */
  readonly lowerBoundBytes: number;
  /** Whether no arrangement is smaller, by the bound or by an exhaustive search. */
  readonly optimal: boolean;
}
