import { roundUp } from "@leanconv/core";
import type { Arena } from "../arena/buffer.ts";
import { planArena } from "../arena/plan-arena.ts";
import { type Lifetimes, lifetimes, passageOf, runTimes } from "./lifetimes.ts";
import type { Choice, Selection } from "./selection.ts";

/** What a choice takes, without its arena. */
export interface Sums {
  readonly seconds: number;
  readonly persistentBytes: number;
}

/** What a choice takes altogether. */
export interface Total extends Sums {
  readonly lifetimes: Lifetimes;
  readonly arena: Arena;
  /** The provider's own, what persists and the arena. */
  readonly usedBytes: number;
  /** The same in whole pages. */
  readonly heapBytes: number;
  /** With what lies outside: what a budget is compared with. */
  readonly bytes: number;
}

export function sums(selection: Selection, choice: Choice): Sums {
  let seconds = 0;
  let persistentBytes = 0;
  selection.nodes.forEach(({ alternatives, inputs }, node) => {
    const chosen = alternatives[choice[node]];
    seconds += chosen.seconds;
    persistentBytes += chosen.persistentBytes;
    inputs.forEach((_, input) => {
      const passage = passageOf(selection, choice, node, input);
      seconds += passage.seconds;
      persistentBytes += passage.persistentBytes;
    });
  });
  return { seconds, persistentBytes };
}

/** Everything that a choice takes, with real offsets. */
export function total(selection: Selection, choice: Choice): Total {
  const taken = sums(selection, choice);
  const lived = lifetimes(selection, choice, runTimes(selection));
  const arena = planArena(lived.buffers);
  const usedBytes = selection.fixedBytes + taken.persistentBytes + arena.bytes;
  const heapBytes = roundUp(usedBytes, selection.pageBytes);
  return { ...taken, lifetimes: lived, arena, usedBytes, heapBytes, bytes: heapBytes + selection.outsideBytes };
}
