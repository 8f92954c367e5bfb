import { combine, either, free, type LabelLimits, type Labels, worthKeeping } from "./labels.ts";
import type { LayoutIndex } from "./selection.ts";

const both: readonly LayoutIndex[] = [0, 1];

/** What a variable costs by its value, or two of them by both. */
type Vector = readonly [Labels, Labels];
type Matrix = readonly [Vector, Vector];

interface Arc {
  readonly other: number;
  /** By the value of the variable that holds the arc, then by the other's. */
  readonly costs: Matrix;
}

/**
 * A partitioned boolean quadratic problem whose variables are the layouts of tensors: every variable and every pair of
 * variables has a cost by their values, and their sum is to be the least. Costs are labels, so that the sum is a front
 * of seconds against bytes.
 *
 * Solved by the reductions R0, RI and RII (Scholz and Eckstein 2002; Anderson and Gregg, CGO 2018, section 4), which
 * remove a variable with at most two neighbours and lose nothing. Where all have three or more, the solver branches over
 * the layouts of the one with most neighbours instead of guessing: series-parallel graphs never come to that.
 */
export class LayoutProblem {
  readonly limits: LabelLimits;
  /** Set by `solve` where it gave up branching; the front is then not complete. */
  exhausted = false;
  readonly #vectors: Vector[];
  readonly #arcs: Map<number, Matrix>[];
  #branches = 0;
  static readonly #mostBranches = 4096;

  constructor(variables: number, limits: LabelLimits) {
    this.limits = limits;
    this.#vectors = Array.from({ length: variables }, () => [free, free]);
    this.#arcs = Array.from({ length: variables }, () => new Map());
  }

  /** Adds a cost of one variable. */
  addVector(variable: number, costs: Vector): void {
    const { limits } = this;
    const [a, b] = this.#vectors[variable];
    this.#vectors[variable] = [combine(a, costs[0], limits), combine(b, costs[1], limits)];
  }

  /** Adds a cost of two different variables. */
  addMatrix(from: number, to: number, costs: Matrix): void {
    const known = this.#arcs[from].get(to);
    const sum = known === undefined ? costs : this.#add(known, costs);
    this.#arcs[from].set(to, sum);
    this.#arcs[to].set(from, transpose(sum));
  }

  /** The front of all assignments. Uses the problem up. */
  solve(): Labels {
    return this.#reduce(new Map(this.#vectors.entries()), this.#arcs);
  }

  #add(a: Matrix, b: Matrix): Matrix {
    const { limits } = this;
    const row = (i: LayoutIndex): Vector => [combine(a[i][0], b[i][0], limits), combine(a[i][1], b[i][1], limits)];
    return [row(0), row(1)];
  }

  /** Works on its arguments. */
  #reduce(vectors: Map<number, Vector>, arcs: Map<number, Matrix>[]): Labels {
    const { limits } = this;
    let sum: Labels = free;
    const ready = [...vectors.keys()].filter((variable) => arcs[variable].size <= 2);
    while (vectors.size > 0) {
      const variable = ready.pop();
      if (variable === undefined) return combine(sum, this.#branch(vectors, arcs), limits);
      const vector = vectors.get(variable);
      if (vector === undefined || arcs[variable].size > 2) continue;
      const neighbours = [...arcs[variable]].map(([other, costs]): Arc => ({ other, costs }));
      vectors.delete(variable);
      for (const { other } of neighbours) arcs[other].delete(variable);
      arcs[variable].clear();
      const [first, second] = neighbours;
      if (first === undefined) {
        sum = combine(sum, either(vector, limits), limits);
      } else if (second === undefined) {
        const cost = (j: LayoutIndex): Labels =>
          either(
            both.map((i) => combine(vector[i], first.costs[i][j], limits)),
            limits,
          );
        const [a, b] = vectors.get(first.other) as Vector;
        vectors.set(first.other, [combine(a, cost(0), limits), combine(b, cost(1), limits)]);
      } else {
        const cost = (j: LayoutIndex, k: LayoutIndex): Labels =>
          either(
            both.map((i) => combine(combine(vector[i], first.costs[i][j], limits), second.costs[i][k], limits)),
            limits,
          );
        const costs: Matrix = [
          [cost(0, 0), cost(0, 1)],
          [cost(1, 0), cost(1, 1)],
        ];
        const known = arcs[first.other].get(second.other);
        const merged = known === undefined ? costs : this.#add(known, costs);
        arcs[first.other].set(second.other, merged);
        arcs[second.other].set(first.other, transpose(merged));
      }
      for (const { other } of neighbours) if (arcs[other].size <= 2) ready.push(other);
    }
    return sum;
  }

  /** Every variable left has three neighbours or more: tries both layouts of the one with most. */
  #branch(vectors: ReadonlyMap<number, Vector>, arcs: readonly Map<number, Matrix>[]): Labels {
    let widest = -1;
    for (const variable of vectors.keys()) {
      if (widest < 0 || arcs[variable].size > arcs[widest].size) widest = variable;
    }
    const options: Labels[] = [];
    for (const i of both) {
      const fixed = (vectors.get(widest) as Vector)[i];
      if (fixed.length === 0) continue;
      if (++this.#branches > LayoutProblem.#mostBranches) {
        this.exhausted = true;
        break;
      }
      const left = new Map(vectors);
      const edges = arcs.map((own) => new Map(own));
      left.delete(widest);
      for (const [other, costs] of edges[widest]) {
        const [a, b] = left.get(other) as Vector;
        left.set(other, [combine(a, costs[i][0], this.limits), combine(b, costs[i][1], this.limits)]);
        edges[other].delete(widest);
      }
      edges[widest].clear();
      options.push(combine(fixed, this.#reduce(left, edges), this.limits));
    }
    return worthKeeping(options.flat(), this.limits);
  }
}

function transpose([[a, b], [c, d]]: Matrix): Matrix {
  return [
    [a, c],
    [b, d],
  ];
}
