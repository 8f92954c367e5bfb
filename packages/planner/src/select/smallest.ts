import { roundUp } from "@leanconv/core";
import { Relaxation } from "./relaxation.ts";
import { defaultWork, type Found, fastestWithin, type NotFound } from "./search.ts";
import type { Selection } from "./selection.ts";
import { total } from "./total.ts";

export interface Smallest {
  /** Fits; a byte less does not. */
  readonly budgetBytes: number;
  readonly found: Found;
  /** Whether nothing smaller exists, rather than nothing was found. */
  readonly proven: boolean;
}

/**
 * The smallest budget that anything fits, to the page, with the fastest choice in it. Halves between what any choice
 * needs and what the one with least alive takes; mostly these are the same.
 */
export function smallestBudget(selection: Selection, work: number = defaultWork): Smallest {
  const relaxation = new Relaxation(selection);
  const { pageBytes, fixedBytes, outsideBytes } = selection;
  const within = (pages: number): Found | NotFound => fastestWithin(selection, pages * pageBytes + outsideBytes, work);
  const pages = (bytes: number): number => roundUp(bytes, pageBytes) / pageBytes;
  let low = pages(fixedBytes + relaxation.leastPersistentBytes + relaxation.leastTransientBytes) - 1;
  let high = pages(sizeOfLeastAlive(relaxation));
  let found: Found | undefined;
  let proven = true;
  while (high - low > 1 || found === undefined) {
    // The lowest first: it is the answer unless tensors leave gaps.
    const middle = low + Math.max(1, found === undefined && high - low > 1 ? 1 : (high - low) >> 1);
    const answer = within(middle);
    if (answer.choice !== undefined) {
      found = answer;
      high = answer.total.heapBytes / pageBytes;
    } else {
      proven &&= answer.proven;
      low = middle;
      if (found === undefined) {
        const known = within(high);
        if (known.choice === undefined) {
          // Only a search cut short misses a choice that is known to fit; look higher up.
          proven = false;
          low = high;
          high *= 2;
          continue;
        }
        found = known;
        high = Math.max(low + 1, known.total.heapBytes / pageBytes);
      }
    }
  }
  return { budgetBytes: high * pageBytes + outsideBytes, found, proven };
}

/** The total of a choice with as little alive as the relaxation allows. */
function sizeOfLeastAlive(relaxation: Relaxation): number {
  const { selection } = relaxation;
  const any = { persistentBytes: Number.POSITIVE_INFINITY };
  const sizes = new Set<number>([relaxation.leastTransientBytes]);
  let best = relaxation.solve({ ...any, transientBytes: Number.POSITIVE_INFINITY });
  if (best === undefined) throw new RangeError("a selection without a choice");
  // Half-way down until nothing is left.
  let low = Math.min(...sizes) - 1;
  let high = relaxation.transientBytes(best.choice);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const answer = relaxation.solve({ ...any, transientBytes: middle });
    if (answer === undefined) low = middle;
    else {
      best = answer;
      high = Math.min(middle, relaxation.transientBytes(answer.choice));
    }
  }
  return total(selection, best.choice).usedBytes;
}
