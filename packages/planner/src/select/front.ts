import { defaultWork, type Found, fastestWithin } from "./search.ts";
import type { Selection } from "./selection.ts";

/**
 * Everything that is worth having, from the fastest to the smallest: for every budget down to what nothing fits, the
 * fastest choice, as often as it changes. Each answer sets the next budget a step below itself, so that nothing is left
 * out but what differs by less than `stepBytes`.
 */
export function front(selection: Selection, stepBytes: number, work: number = defaultWork): readonly Found[] {
  const found: Found[] = [];
  let budget = Number.POSITIVE_INFINITY;
  for (;;) {
    const next = fastestWithin(selection, budget, work);
    if (next.choice === undefined) return found;
    // No slower with less: the one before was not worth having.
    while (found.length > 0 && next.total.seconds <= found[found.length - 1].total.seconds) found.pop();
    found.push(next);
    budget = Math.ceil(next.total.bytes / stepBytes) * stepBytes - stepBytes;
    if (budget < 0) return found;
  }
}
