/** A stream of numbers in [0, 1) that depends on the seed alone. */
export type Random = () => number;

/** Mulberry32: small, fast, and the same on every machine. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number from `low` to `high`, both included. */
export function integerIn(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** One of `values`. */
export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[integerIn(random, 0, values.length - 1)];
}

/** The values in random order. */
export function shuffled<T>(random: Random, values: readonly T[]): T[] {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = integerIn(random, 0, i);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/**
 * What test tensors hold. Integers in [-4, 4] make every float32 sum exact, so that results can be compared bit by bit
 * whatever the order of summation; reals in [-1, 1) are for error bounds and for the equality of partitions.
 */
export type ValueKind = "integers" | "reals";

export function valueFrom(random: Random, kind: ValueKind): number {
  return kind === "integers" ? integerIn(random, -4, 4) : Math.fround(random() * 2 - 1);
}
