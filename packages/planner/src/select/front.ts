import { defaultWork, type Found, fastestWithin } from "./search.ts";
import type { Selection } from "./selection.ts";

export interface Front {
  /** From the fastest to the smallest. */
  readonly found: readonly Found[];
  /** Whether nothing smaller than the last exists, rather than nothing was found. */
  readonly proven: boolean;
}

export interface FrontLimits {
  /** Choices that differ by less are taken for one. */
  readonly stepBytes: number;
  /** What nothing may be larger than; default no limit. */
  readonly budgetBytes?: number;
  /** Of each search. */
  readonly work?: number;
}

/**
 * Everything that is worth having, from the fastest to the smallest: for every budget down to what nothing fits, the
 * fastest choice, as often as it changes. Each answer sets the next budget a step below itself, so that nothing is left
 * out but what differs by less than `stepBytes`.
 */
export function front(
  selection: Selection,
  { stepBytes, budgetBytes = Number.POSITIVE_INFINITY, work = defaultWork }: FrontLimits,
): Front {
  const found: Found[] = [];
  let budget = budgetBytes;
  while (budget >= 0) {
    const next = fastestWithin(selection, budget, work);
    if (next.choice === undefined) return { found, proven: next.proven };
    // No slower with less: the one before was not worth having.
    while (found.length > 0 && next.total.seconds <= found[found.length - 1].total.seconds) found.pop();
    found.push(next);
    budget = Math.ceil(next.total.bytes / stepBytes) * stepBytes - stepBytes;
  }
  return { found, proven: true };
}
