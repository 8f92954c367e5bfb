import { Relaxation, type Relaxed } from "./relaxation.ts";
import type { Choice, Selection } from "./selection.ts";
import { sums, type Total, total } from "./total.ts";

export interface Found {
  readonly choice: Choice;
  readonly total: Total;
  /** Whether nothing that fits is faster. */
  readonly optimal: boolean;
  /** Nothing that fits is faster than this; the seconds themselves where `optimal`. */
  readonly boundSeconds: number;
}

export interface NotFound {
  readonly choice?: undefined;
  /** Whether nothing fits, rather than nothing was found. */
  readonly proven: boolean;
}

/** A part of all choices: those that differ from earlier answers, within limits of what is alive. */
interface Part {
  /** By node, what may be chosen there; absent means anything. */
  readonly allowed: ReadonlyMap<number, ReadonlySet<number>>;
  /** The relaxation's transient bytes lie above the first and not above the second. */
  readonly above: number;
  readonly most: number;
  readonly relaxed: Relaxed;
}

/** Steps down in search of anything that fits, where the search was cut short. */
const mostTries = 256;

/** Divisions of the room between what is alive and what persists that are tried at first. */
const roughTries = 6;

/** Nodes that all relaxations of one search may look at: some tenths of a second. */
export const defaultWork = 50_000;

/**
 * The fastest choice whose total, real offsets included, fits a budget.
 *
 * Some choices that fit are found first. Then best first: a relaxation gives the fastest choice of a part of all choices,
 * unless nothing in it is faster than what is known to fit. If that choice fits, nothing in the part is faster. If it does
 * not, the part is divided so that the choice falls out: by what is alive, where persistent and transient bytes do not go
 * together; else by its alternatives, node by node (Lawler 1972). Past `work` the fastest that was seen to fit is taken and
 * the answer says how far from the bound it may be.
 */
export function fastestWithin(selection: Selection, budgetBytes: number, work: number = defaultWork): Found | NotFound {
  const relaxation = new Relaxation(selection);
  const { fixedBytes, pageBytes, outsideBytes } = selection;
  const inside = budgetBytes - outsideBytes;
  const whole = inside === Number.POSITIVE_INFINITY ? inside : Math.floor(inside / pageBytes) * pageBytes;
  /** For the arena and what persists beyond the least. */
  const room = whole - fixedBytes - relaxation.leastPersistentBytes;
  const least = relaxation.leastTransientBytes;
  if (room < least) return { proven: true };
  const search = new Search(relaxation, room, whole);
  const most = Math.min(room, relaxation.mostTransientBytes);
  if (room < Number.POSITIVE_INFINITY) search.tryEach(least, most);
  search.add(new Map(), least - 1, most);
  return search.run(work);
}

class Search {
  readonly #relaxation: Relaxation;
  readonly #room: number;
  readonly #heapBytes: number;
  /** By `boundSeconds`, the least last. */
  readonly #open: Part[] = [];
  #best: { readonly choice: Choice; readonly total: Total } | undefined;

  constructor(relaxation: Relaxation, room: number, heapBytes: number) {
    this.#relaxation = relaxation;
    this.#room = room;
    this.#heapBytes = heapBytes;
  }

  /**
   * Looks for choices that fit, from the most alive to the least in some steps, with the rest of the room for what
   * persists; what a choice leaves of its share goes to the next. A fast one spares the search most of its parts.
   */
  tryEach(least: number, most: number): void {
    const relaxation = this.#relaxation;
    for (let step = roughTries, alive = most; step >= 0 && alive >= least; step--) {
      const belowSeconds = this.#best?.total.seconds ?? Number.POSITIVE_INFINITY;
      const scope = { transientBytes: alive, persistentBytes: this.#room - alive, belowSeconds };
      const relaxed = relaxation.solve(scope, "rough");
      if (relaxed !== undefined) this.#try(relaxed.choice);
      const taken = relaxed === undefined ? alive : relaxation.transientBytes(relaxed.choice);
      // Equal ratios down to the least.
      const next = Math.floor(least * (alive / least) ** ((step - 1) / step));
      alive = taken < alive ? Math.max(taken, next) : next;
      if (step === 1) alive = least;
    }
  }

  add(allowed: Part["allowed"], above: number, most: number): void {
    if (above >= most) return;
    const relaxed = this.#relaxation.solve({
      transientBytes: most,
      persistentBytes: this.#room - above - 1,
      belowSeconds: this.#best?.total.seconds ?? Number.POSITIVE_INFINITY,
      allowed,
    });
    if (relaxed === undefined) return;
    const part: Part = { allowed, above, most, relaxed };
    // After those of equal bounds, so that parts are taken in the order they came.
    let at = this.#open.length;
    while (at > 0 && this.#open[at - 1].relaxed.boundSeconds <= relaxed.boundSeconds) at--;
    this.#open.splice(at, 0, part);
  }

  run(work: number): Found | NotFound {
    for (let part = this.#open.pop(); part !== undefined; part = this.#open.pop()) {
      const bound = part.relaxed.boundSeconds;
      if (this.#best !== undefined && noSlower(this.#best.total.seconds, bound)) break;
      if (this.#relaxation.work > work) return this.#giveUp(part);
      const { choice, instead } = part.relaxed;
      const seconds = this.#try(choice);
      if (seconds !== undefined && noSlower(seconds, bound)) break;
      if (seconds === undefined && instead !== undefined) this.#try(instead);
      if (!this.#divide(part, work)) return this.#giveUp(part);
    }
    if (this.#best === undefined) return { proven: true };
    return { ...this.#best, optimal: true, boundSeconds: this.#best.total.seconds };
  }

  /** The seconds of a choice that fits, which is then the best unless a faster one is known; undefined where it does not. */
  #try(choice: Choice): number | undefined {
    const taken = total(this.#relaxation.selection, choice);
    if (taken.heapBytes > this.#heapBytes) return undefined;
    if (this.#best === undefined || taken.seconds < this.#best.total.seconds) this.#best = { choice, total: taken };
    return taken.seconds;
  }

  /** Parts that together hold everything of `part` but its answer; false where that is more than there is work left. */
  #divide({ allowed, above, most, relaxed: { choice } }: Part, work: number): boolean {
    const relaxation = this.#relaxation;
    const { selection } = relaxation;
    const alive = relaxation.transientBytes(choice);
    const { persistentBytes } = sums(selection, choice);
    const excess = persistentBytes - relaxation.leastPersistentBytes;
    if (excess + alive > this.#room && excess <= this.#room - above - 1 && alive > above) {
      // With less alive, or with fewer persistent bytes: each part leaves the answer out by half of what is too much.
      const between = Math.floor((this.#room - excess + alive - 1) / 2);
      this.add(allowed, above, between);
      this.add(allowed, between, most);
      return true;
    }
    const fixed = new Map(allowed);
    for (const [node, { alternatives }] of selection.nodes.entries()) {
      if (relaxation.work > work) return false;
      const may = allowed.get(node);
      const others = new Set(
        alternatives.flatMap((_, at) => (at !== choice[node] && (may?.has(at) ?? true) ? [at] : [])),
      );
      if (others.size > 0) this.add(new Map(fixed).set(node, others), above, most);
      fixed.set(node, new Set([choice[node]]));
    }
    return true;
  }

  /**
   * The fastest answer so far that fits; where none does, the first that fits of those for ever less alive.
   */
  #giveUp({ relaxed: { boundSeconds } }: Part): Found | NotFound {
    const relaxation = this.#relaxation;
    const top = Math.min(this.#room, relaxation.mostTransientBytes);
    for (let most = top, tries = 0; this.#best === undefined && most > 0 && tries < mostTries; tries++) {
      const scope = { transientBytes: most, persistentBytes: this.#room - most };
      const relaxed = relaxation.solve(scope, "rough");
      const fallback = relaxed ?? relaxation.solve({ ...scope, persistentBytes: Number.POSITIVE_INFINITY });
      if (fallback === undefined || this.#try(fallback.choice) !== undefined) break;
      most = Math.min(most, relaxation.transientBytes(fallback.choice)) - 1;
    }
    if (this.#best === undefined) return { proven: false };
    const { seconds } = this.#best.total;
    const optimal = noSlower(seconds, boundSeconds);
    return { ...this.#best, optimal, boundSeconds: optimal ? seconds : boundSeconds * (1 - 1e-12) };
  }
}

/** Sums of the same seconds in another order may differ in their last digits. */
function noSlower(seconds: number, bound: number): boolean {
  return seconds <= bound * (1 + 1e-12);
}
