import { type Alive, aliveAnyway } from "./alive-anyway.ts";
import { fill } from "./fill.ts";
import { type Label, type LabelLimits, type Labels, readChoice, worthKeeping } from "./labels.ts";
import { LayoutProblem } from "./pbqp.ts";
import type { Alternative, Choice, LayoutIndex, Passage, Selection } from "./selection.ts";

/** Which part of all choices is looked at. */
export interface Scope {
  /** No time may hold more, as far as one node and one of its inputs can tell. */
  readonly transientBytes: number;
  /** Persistent bytes beyond the least of every node. */
  readonly persistentBytes: number;
  /** Only what is faster than this is of interest. Default: anything. */
  readonly belowSeconds?: number;
  /** By node, the alternatives that may be chosen; absent means any. */
  readonly allowed?: ReadonlyMap<number, ReadonlySet<number>>;
}

export interface Relaxed {
  readonly choice: Choice;
  /** No choice of the scope is faster than this. */
  readonly boundSeconds: number;
  /** One that keeps the limit on persistent bytes for certain, where merged labels may have promised too much. */
  readonly instead?: Choice;
}

/** Labels of one list, where a choice that fits is looked for; and where bounds are, as many as large networks allow. */
const fewLabels = 40;
const mostLabels = (nodes: number): number => Math.min(1000, Math.max(160, Math.floor(100_000 / nodes)));

const fastestOnly: LabelLimits = { labels: 1, bytes: Number.POSITIVE_INFINITY };
/** A byte worth more than the whole network takes: the smallest, and of those the fastest. */
const smallestPrice = 1000;

/** A way to run a node, with what is alive then at least. */
interface Way extends Label {
  readonly transient: number;
}

/** By layouts of a node's writer (0 where it has none or several) and of the node. */
type Ways = readonly [readonly [readonly Way[], readonly Way[]], readonly [readonly Way[], readonly Way[]]];

/**
 * A selection with its limits taken apart: what every time holds at least is the sum of the tensors that are alive
 * whatever is chosen, of one node's workspace and of one copy, so that a limit on it rules out single alternatives and
 * pairs of layouts. What remains is a `LayoutProblem`. Every choice that fits a budget is left in the scope of that
 * budget, so its answer bounds all of them.
 */
export class Relaxation {
  readonly selection: Selection;
  /** The least persistent bytes of every choice, beyond the fixed ones. */
  readonly leastPersistentBytes: number;
  readonly #alive: readonly Alive[];
  readonly #nodes: readonly Ways[];
  /** By node of several inputs, then by input. */
  readonly #edges: readonly (readonly Ways[])[];
  /** How many nodes all solutions so far have looked at. */
  work = 0;

  constructor(selection: Selection) {
    this.selection = selection;
    this.#alive = aliveAnyway(selection);
    const least = selection.nodes.map(({ alternatives, inputs }) => {
      const own = smallest(alternatives.map(({ persistentBytes }) => persistentBytes));
      return { own, edges: inputs.map(({ passages }) => smallest(passages.flat().map((way) => way.persistentBytes))) };
    });
    this.leastPersistentBytes = least.reduce((sum, { own, edges }) => sum + edges.reduce((a, b) => a + b, own), 0);
    this.#nodes = least.map(({ own, edges }, node) => this.#waysOf(node, own, edges));
    this.#edges = least.map(({ edges }, node) =>
      edges.length === 1 ? [] : edges.map((bytes, input) => this.#waysTo(node, input, bytes)),
    );
  }

  /** What the fullest time holds at least, as the relaxation sees a choice. */
  transientBytes(choice: Choice): number {
    const { nodes } = this.selection;
    let most = 0;
    for (let node = 0; node < nodes.length; node++) {
      const { inputs, alternatives } = nodes[node];
      const chosen = alternatives[choice[node]];
      most = Math.max(most, this.#running(node, chosen));
      inputs.forEach(({ from, passages }, input) => {
        const passage = passages[nodes[from].alternatives[choice[from]].output][chosen.input];
        most = Math.max(most, this.#reading(node, input, chosen, passage));
      });
    }
    return most;
  }

  /** No choice needs more, as the relaxation sees it. */
  get mostTransientBytes(): number {
    const most = this.selection.nodes.map(({ alternatives, inputs }, node) => {
      const one = (alternative: Alternative): number =>
        largest([
          this.#running(node, alternative),
          ...inputs.flatMap(({ passages }, input) =>
            passages.map((row) => this.#reading(node, input, alternative, row[alternative.input])),
          ),
        ]);
      return largest(alternatives.map(one));
    });
    return largest(most);
  }

  /** Of all choices. */
  get leastTransientBytes(): number {
    const least = this.selection.nodes.map(({ alternatives }, node) =>
      smallest(alternatives.map((alternative) => this.#running(node, alternative))),
    );
    return largest(least);
  }

  /**
   * The fastest choice of a scope as far as it can tell; undefined where nothing is left of it, or nothing that is fast
   * enough. A rough answer keeps the limits too, but need not be the fastest.
   */
  solve(scope: Scope, care: "exact" | "rough" = "exact"): Relaxed | undefined {
    const limit = scope.persistentBytes;
    const fastest = this.#front(scope, fastestOnly)[0];
    const { belowSeconds = Number.POSITIVE_INFINITY } = scope;
    if (fastest === undefined || fastest.seconds >= belowSeconds) return undefined;
    if (fastest.bytes <= limit) return this.#relaxed(fastest, fastest.seconds);
    const smallest = this.#front(scope, { ...fastestOnly, price: smallestPrice })[0];
    if (smallest.bytes > limit) return undefined;
    const { best: priced, bound, price } = this.#priced(scope, fastest, smallest);
    const best = this.#filled(scope, priced);
    if (bound >= belowSeconds) return undefined;
    if (care === "rough" || best.seconds - bound <= best.seconds * 1e-12) return this.#relaxed(best, bound);
    const within = { bytes: limit, price };
    // Sums in another order differ in their last digits.
    const slack = (than: Label): number => Math.min(than.seconds, belowSeconds) - bound + than.seconds * 1e-9;
    // A choice that fits, and is mostly close to the best, makes what leads to nothing better easy to see.
    const sampled = this.#fastest(scope, { ...within, labels: fewLabels, beyond: "sample", slack: slack(best) });
    const known = sampled !== undefined && sampled.seconds < best.seconds ? sampled : best;
    const exact = this.#fastest(scope, {
      ...within,
      labels: mostLabels(this.selection.nodes.length),
      slack: slack(known),
    });
    // Labels beyond the slack were dropped: without one nothing in the scope is faster than what is known.
    if (Math.min(exact?.seconds ?? belowSeconds, known.seconds) >= belowSeconds) return undefined;
    if (exact === undefined || exact.seconds >= known.seconds) return this.#relaxed(known, known.seconds);
    return this.#relaxed(exact, Math.max(bound, exact.seconds), known);
  }

  /** The fastest within the limit on bytes. */
  #fastest(scope: Scope, limits: LabelLimits): Label | undefined {
    return this.#front(scope, limits)
      .filter(({ bytes }) => bytes <= limits.bytes)
      .at(-1);
  }

  #relaxed(label: Label, boundSeconds: number, instead?: Label): Relaxed {
    return { choice: this.#choiceOf(label), boundSeconds, ...(instead && { instead: this.#choiceOf(instead) }) };
  }

  #choiceOf(label: Label): Choice {
    const choice = new Array<number>(this.selection.nodes.length).fill(0);
    readChoice(label, choice);
    return choice;
  }

  /**
   * A price on bytes instead of a limit (Everett 1963). Between a choice over the limit and one within, the price at
   * which both cost the same is tried; what is cheaper still takes the place of one of them, until nothing is. The price
   * is then the best there is: no choice within the limit is faster than the cheapest less what the limit is worth.
   */
  #priced(scope: Scope, fastest: Label, smallest: Label): { best: Label; bound: number; price: number } {
    const limit = scope.persistentBytes;
    let [over, within] = [fastest, smallest];
    let best = smallest;
    for (;;) {
      const price = (within.seconds - over.seconds) / (over.bytes - within.bytes);
      const label = this.#front(scope, { ...fastestOnly, price })[0];
      const cost = label.seconds + price * label.bytes;
      if (label.bytes <= limit && label.seconds < best.seconds) best = label;
      if (cost >= (over.seconds + price * over.bytes) * (1 - 1e-12))
        return { best, bound: cost - price * limit, price };
      if (label.bytes <= limit) within = label;
      else over = label;
    }
  }

  /** The same with what it leaves of the limit spent. */
  #filled({ transientBytes, persistentBytes, allowed }: Scope, label: Label): Label {
    const { selection } = this;
    const { nodes } = selection;
    const before = this.#choiceOf(label);
    const fits = (node: number, at: number): boolean => {
      const { alternatives, inputs } = nodes[node];
      const other = alternatives[at];
      const reading = inputs.map(({ from, passages }, input) =>
        this.#reading(node, input, other, passages[nodes[from].alternatives[before[from]].output][other.input]),
      );
      const may = allowed?.get(node);
      return (may === undefined || may.has(at)) && largest([this.#running(node, other), ...reading]) <= transientBytes;
    };
    const after = fill(selection, before, persistentBytes - label.bytes, fits);
    const { seconds, bytes } = label;
    return after.reduce(
      (sum: Label, alternative, node): Label => {
        const { alternatives } = nodes[node];
        const [now, then] = [alternatives[before[node]], alternatives[alternative]];
        return {
          seconds: sum.seconds + then.seconds - now.seconds,
          bytes: sum.bytes + then.persistentBytes - now.persistentBytes,
          left: sum,
          right: { seconds: 0, bytes: 0, node, alternative },
        };
      },
      { seconds, bytes },
    );
  }

  #front(scope: Scope, limits: LabelLimits): Labels {
    const { nodes } = this.selection;
    this.work += nodes.length * (limits.labels > 1 ? 16 : 1);
    const problem = new LayoutProblem(nodes.length, limits);
    const fits = (ways: readonly Way[]): Labels => {
      const kept = ways.filter(({ transient }) => transient <= scope.transientBytes);
      return worthKeeping(kept, limits);
    };
    for (let node = 0; node < nodes.length; node++) {
      const { inputs } = nodes[node];
      const allowed = scope.allowed?.get(node);
      const may = (ways: readonly Way[]): Labels =>
        fits(allowed === undefined ? ways : ways.filter(({ alternative }) => allowed.has(alternative as number)));
      const [[a, b], [c, d]] = this.#nodes[node];
      if (inputs.length === 1) {
        problem.addMatrix(inputs[0].from, node, [
          [may(a), may(b)],
          [may(c), may(d)],
        ]);
        continue;
      }
      problem.addVector(node, [may(a), may(b)]);
      this.#edges[node].forEach(([[a, b], [c, d]], input) => {
        problem.addMatrix(inputs[input].from, node, [
          [fits(a), fits(b)],
          [fits(c), fits(d)],
        ]);
      });
    }
    return problem.solve();
  }

  /** The alternatives of a node by the layout they give; of a node with one input also by its writer's. */
  #waysOf(node: number, least: number, edges: readonly number[]): Ways {
    const { alternatives, inputs } = this.selection.nodes[node];
    const single = inputs.length === 1;
    const ways = (o: LayoutIndex, q: LayoutIndex): readonly Way[] =>
      alternatives.flatMap((alternative, at): Way[] => {
        if (alternative.output !== q) return [];
        const running = this.#running(node, alternative);
        const own = { node, alternative: at };
        const bytes = alternative.persistentBytes - least;
        if (!single) return [{ seconds: alternative.seconds, bytes, transient: running, ...own }];
        const passage = inputs[0].passages[o][alternative.input];
        return [
          {
            seconds: alternative.seconds + passage.seconds,
            bytes: bytes + passage.persistentBytes - edges[0],
            transient: Math.max(running, this.#reading(node, 0, alternative, passage)),
            ...own,
          },
        ];
      });
    return square(ways);
  }

  /** One input's way to a node of several, whose alternatives read the layout they write. */
  #waysTo(node: number, input: number, least: number): Ways {
    const { alternatives, inputs } = this.selection.nodes[node];
    const { passages } = inputs[input];
    return square((o, q) => {
      const reader = alternatives.find(({ output }) => output === q);
      if (reader === undefined) return [];
      const passage = passages[o][reader.input];
      const transient = this.#reading(node, input, reader, passage);
      return [{ seconds: passage.seconds, bytes: passage.persistentBytes - least, transient }];
    });
  }

  /** At least this much is alive while a node runs. */
  #running(node: number, { workspaceBytes }: Alternative): number {
    return this.#alive[node].running + workspaceBytes;
  }

  /** At least this much is alive while an input is copied, or after that while its node runs. */
  #reading(node: number, input: number, alternative: Alternative, { copyBytes }: Passage): number {
    if (copyBytes === 0) return 0;
    const { before, later } = this.#alive[node];
    const running = this.#running(node, alternative) + (later[input] ? copyBytes : 0);
    return Math.max(before + copyBytes, running);
  }
}

function square(entry: (o: LayoutIndex, q: LayoutIndex) => readonly Way[]): Ways {
  return [
    [entry(0, 0), entry(0, 1)],
    [entry(1, 0), entry(1, 1)],
  ];
}

const smallest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
