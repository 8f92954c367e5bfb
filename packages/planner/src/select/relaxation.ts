import { type LabelLimits, type Labels, readChoice, worthKeeping } from "./labels.ts";
import { LayoutProblem } from "./pbqp.ts";
import type { Alternative, Choice, LayoutIndex, Passage, Selection } from "./selection.ts";

/** Which part of all choices is looked at. */
export interface Scope {
  /** No time may hold more, as far as one node and one of its inputs can tell. */
  readonly transientBytes: number;
  /** Persistent bytes beyond the least of every node. */
  readonly persistentBytes: number;
  /** Whether an alternative of a node may be chosen; absent means any. */
  readonly allows?: (node: number, alternative: number) => boolean;
}

export interface Relaxed {
  readonly choice: Choice;
  readonly seconds: number;
  /** No choice of the scope is faster than this; less than `seconds` only where labels were merged. */
  readonly boundSeconds: number;
}

/** Labels of one list; more are merged. */
const mostLabels = 96;

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
  /** Every node's share of them. */
  readonly #least: readonly number[];
  readonly #range: number;
  readonly #alive: readonly Alive[];
  /** How many nodes all solutions so far have looked at. */
  work = 0;

  constructor(selection: Selection) {
    this.selection = selection;
    const ranges = selection.nodes.map(({ alternatives, inputs }) => {
      const own = alternatives.map(({ persistentBytes }) => persistentBytes);
      const ways = inputs.map(({ passages }) => passages.flat().map(({ persistentBytes }) => persistentBytes));
      const least = smallest(own) + ways.reduce((sum, bytes) => sum + smallest(bytes), 0);
      return { least, most: largest(own) + ways.reduce((sum, bytes) => sum + largest(bytes), 0) };
    });
    this.#least = ranges.map(({ least }) => least);
    this.leastPersistentBytes = ranges.reduce((sum, { least }) => sum + least, 0);
    this.#range = ranges.reduce((sum, { least, most }) => sum + most - least, 0);
    this.#alive = aliveAnyway(selection);
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

  /** Of all choices. */
  get leastTransientBytes(): number {
    const least = this.selection.nodes.map(({ alternatives }, node) =>
      smallest(alternatives.map((alternative) => this.#running(node, alternative))),
    );
    return largest(least);
  }

  /** The fastest choice of a scope as far as it can tell; undefined where nothing is left of it. */
  solve(scope: Scope): Relaxed | undefined {
    const fastest = this.#front(scope, { labels: 1, bytes: Number.POSITIVE_INFINITY })[0];
    if (fastest === undefined) return undefined;
    const limits = { labels: mostLabels, bytes: scope.persistentBytes };
    const binding = this.#range > limits.bytes && fastest.bytes > limits.bytes;
    const best = binding ? this.#front(scope, limits).at(-1) : fastest;
    if (best === undefined) return undefined;
    const choice = new Array<number>(this.selection.nodes.length).fill(0);
    readChoice(best, choice);
    return { choice, seconds: best.seconds, boundSeconds: best.seconds };
  }

  #front(scope: Scope, limits: LabelLimits): Labels {
    const { nodes } = this.selection;
    this.work += nodes.length;
    const problem = new LayoutProblem(nodes.length, limits);
    for (let node = 0; node < nodes.length; node++) {
      const { inputs } = nodes[node];
      if (inputs.length === 1) {
        const { from } = inputs[0];
        const cell = (o: LayoutIndex, q: LayoutIndex): Labels => this.#ways(node, q, scope, limits, o);
        problem.addMatrix(from, node, [
          [cell(0, 0), cell(0, 1)],
          [cell(1, 0), cell(1, 1)],
        ]);
        continue;
      }
      problem.addVector(node, [this.#ways(node, 0, scope, limits), this.#ways(node, 1, scope, limits)]);
      inputs.forEach(({ from }, input) => {
        const cell = (o: LayoutIndex, q: LayoutIndex): Labels => this.#way(node, input, o, q, scope);
        problem.addMatrix(from, node, [
          [cell(0, 0), cell(0, 1)],
          [cell(1, 0), cell(1, 1)],
        ]);
      });
    }
    const front = problem.solve();
    return front.filter(({ bytes }) => bytes <= limits.bytes);
  }

  /** The alternatives of a node that give layout `q`; of a node with one input also its way from layout `o`. */
  #ways(node: number, q: LayoutIndex, scope: Scope, limits: LabelLimits, o?: LayoutIndex): Labels {
    const { alternatives, inputs } = this.selection.nodes[node];
    const all = [];
    for (let at = 0; at < alternatives.length; at++) {
      const alternative = alternatives[at];
      if (alternative.output !== q || scope.allows?.(node, at) === false) continue;
      let { seconds, persistentBytes } = alternative;
      let transient = this.#running(node, alternative);
      if (o !== undefined) {
        const passage = inputs[0].passages[o][alternative.input];
        transient = Math.max(transient, this.#reading(node, 0, alternative, passage));
        seconds += passage.seconds;
        persistentBytes += passage.persistentBytes;
        persistentBytes -= this.#least[node];
      } else {
        persistentBytes -= smallest(alternatives.map((other) => other.persistentBytes));
      }
      if (transient > scope.transientBytes) continue;
      all.push({ seconds, bytes: persistentBytes, node, alternative: at });
    }
    return worthKeeping(all, limits);
  }

  /** One input's way to a node of several, whose alternatives read the layout they write. */
  #way(node: number, input: number, o: LayoutIndex, q: LayoutIndex, scope: Scope): Labels {
    const { alternatives, inputs } = this.selection.nodes[node];
    const { passages } = inputs[input];
    const reader = alternatives.find(({ output }) => output === q);
    if (reader === undefined) return [];
    const passage = passages[o][reader.input];
    if (this.#reading(node, input, reader, passage) > scope.transientBytes) return [];
    const least = smallest(passages.flat().map(({ persistentBytes }) => persistentBytes));
    return [{ seconds: passage.seconds, bytes: passage.persistentBytes - least }];
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

interface Alive {
  /** Before a node runs: its inputs and what others read later. */
  readonly before: number;
  /** The same with its output. */
  readonly running: number;
  /** Whether an input is read again later. */
  readonly later: readonly boolean[];
}

/** What is alive at every node whatever is chosen. */
function aliveAnyway({ nodes }: Selection): readonly Alive[] {
  const last = nodes.map(({ kept }, node) => (kept ? nodes.length : node));
  nodes.forEach(({ inputs }, node) => {
    for (const { from } of inputs) last[from] = Math.max(last[from], node);
  });
  // Bytes that are alive from the node after their writer up to their last reader.
  const changes = new Float64Array(nodes.length + 2);
  nodes.forEach(({ outputBytes }, node) => {
    if (last[node] <= node) return;
    changes[node + 1] += outputBytes;
    changes[Math.min(last[node], nodes.length) + 1] -= outputBytes;
  });
  let before = 0;
  return nodes.map(({ inputs, inPlace, outputBytes }, node) => {
    before += changes[node];
    const mayShare = inPlace && inputs.some(({ from }) => nodes[from].outputBytes === outputBytes);
    return {
      before,
      running: before + (mayShare ? 0 : outputBytes),
      later: inputs.map(({ from }) => last[from] > node),
    };
  });
}

const smallest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
