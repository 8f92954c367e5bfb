/** What a part of the network can be had for: seconds against persistent bytes, and how it was chosen. */
export interface Label {
  readonly seconds: number;
  readonly bytes: number;
  /** A choice (`node`, `alternative`), or the two labels that were added. */
  readonly node?: number;
  readonly alternative?: number;
  readonly left?: Label;
  readonly right?: Label;
}

/** Labels none of which is both slower and larger than another, by bytes. Empty means impossible. */
export type Labels = readonly Label[];

/** Nothing to choose. */
export const free: Labels = [{ seconds: 0, bytes: 0 }];

/** How many labels a list may have, and the most persistent bytes of one. */
export interface LabelLimits {
  /** 1: only the best by `seconds + price * bytes`. */
  readonly labels: number;
  readonly bytes: number;
  /** Seconds that a byte is worth (a Lagrange multiplier). Default 0. */
  readonly price?: number;
  /**
   * Of several labels: how much more than the cheapest of its list, at that price, a label may cost. The cheapest
   * completion of both is the same, so that what costs more leads to nothing below the bound plus this. Default: any.
   */
  readonly slack?: number;
  /**
   * What becomes of neighbours beyond `labels`: "promise" (the default) merges them into one with the seconds of the fastest
   * and the bytes of the smallest, "sample" keeps the fastest alone, which can be had.
   */
  readonly beyond?: "promise" | "sample";
}

/**
 * The labels that are worth keeping. Beyond `limits.labels` neighbours are merged into one that has the seconds of the
 * fastest and the bytes of the smallest: such a label promises too much, never too little, and is found out when the
 * choice behind it is added up.
 */
export function worthKeeping(labels: readonly Label[], limits: LabelLimits): Labels {
  if (limits.labels === 1) {
    const { price = 0 } = limits;
    let best: Label | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const label of labels) {
      const cost = label.seconds + price * label.bytes;
      if (cost < least || (cost === least && best !== undefined && label.bytes < best.bytes)) {
        best = label;
        least = cost;
      }
    }
    return best === undefined ? [] : [best];
  }
  const { price = 0, slack = Number.POSITIVE_INFINITY } = limits;
  let cheapest = Number.POSITIVE_INFINITY;
  for (const { seconds, bytes } of labels) cheapest = Math.min(cheapest, seconds + price * bytes);
  const sorted = labels
    .filter(({ seconds, bytes }) => bytes <= limits.bytes && seconds + price * bytes <= cheapest + slack)
    .sort((a, b) => a.bytes - b.bytes || a.seconds - b.seconds);
  const kept: Label[] = [];
  for (const label of sorted) {
    if (kept.length === 0 || label.seconds < kept[kept.length - 1].seconds) kept.push(label);
  }
  if (kept.length <= limits.labels) return kept;
  const merged: Label[] = [];
  for (let group = 0; group < limits.labels; group++) {
    const from = Math.floor((group * kept.length) / limits.labels);
    const to = Math.floor(((group + 1) * kept.length) / limits.labels);
    merged.push(limits.beyond === "sample" ? kept[to - 1] : { ...kept[to - 1], bytes: kept[from].bytes });
  }
  return merged;
}

/** Every label of one part with every label of another. */
export function combine(a: Labels, b: Labels, limits: LabelLimits): Labels {
  if (a === free) return b;
  if (b === free) return a;
  if (a.length === 1 && b.length === 1) return [plus(a[0], b[0])];
  const all: Label[] = [];
  for (const left of a) for (const right of b) all.push(plus(left, right));
  return worthKeeping(all, limits);
}

/** One part or the other. */
export function either(options: readonly Labels[], limits: LabelLimits): Labels {
  const possible = options.filter((labels) => labels.length > 0);
  return possible.length === 1 ? possible[0] : worthKeeping(possible.flat(), limits);
}

function plus(left: Label, right: Label): Label {
  return { seconds: left.seconds + right.seconds, bytes: left.bytes + right.bytes, left, right };
}

/** Writes the alternatives behind a label into `choice`. */
export function readChoice(label: Label, choice: number[]): void {
  const open: Label[] = [label];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.node !== undefined) choice[next.node] = next.alternative as number;
    if (next.left !== undefined) open.push(next.left);
    if (next.right !== undefined) open.push(next.right);
  }
}
