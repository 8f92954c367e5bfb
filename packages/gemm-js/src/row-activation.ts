import type { Activation, ActivationKind } from "@leanconv/gemm";
import { clampLimits } from "./clamp.ts";

/** The activation that is left when results are clamped as they are stored; undefined for none. */
export function rowActivation(activation: Activation | undefined, memory: Float32Array): RowActivation | undefined {
  if (activation === undefined || clampLimits(activation) !== undefined) return undefined;
  return new RowActivation(activation, memory);
}

/**
 * An activation in place, on a row of results that is still in the cache.
 *
 * The loops are written out, and the numbers lie in an array, because V8 may box what a function value returns and what
 * it reads from an object of unknown shape, and `run` must not allocate.
 */
export class RowActivation {
  readonly #memory: Float32Array;
  readonly #kind: ActivationKind;
  readonly #parameters: Float64Array;

  constructor(activation: Activation, memory: Float32Array) {
    this.#memory = memory;
    this.#kind = activation.kind;
    const alpha = "alpha" in activation ? activation.alpha : 0;
    const beta = "beta" in activation ? activation.beta : 0;
    this.#parameters = Float64Array.of(alpha, beta);
  }

  /** The elements at distances `columns` [from, to) from `c`; `slope` is the place of the row's slope. */
  apply(c: number, columns: Int32Array, from: number, to: number, slope: number): void {
    const memory = this.#memory;
    const alpha = this.#parameters[0];
    const beta = this.#parameters[1];
    switch (this.#kind) {
      case "leaky-relu":
      case "prelu": {
        const factor = this.#kind === "prelu" ? memory[slope] : alpha;
        for (let j = from; j < to; j++) {
          const x = memory[c + columns[j]];
          memory[c + columns[j]] = x < 0 ? factor * x : x;
        }
        return;
      }
      case "elu":
        for (let j = from; j < to; j++) {
          const x = memory[c + columns[j]];
          memory[c + columns[j]] = x < 0 ? alpha * Math.expm1(x) : x;
        }
        return;
      case "sigmoid":
        for (let j = from; j < to; j++) {
          const x = memory[c + columns[j]];
          memory[c + columns[j]] = 1 / (1 + Math.exp(-x));
        }
        return;
      case "hard-sigmoid":
        for (let j = from; j < to; j++) {
          const y = alpha * memory[c + columns[j]] + beta;
          memory[c + columns[j]] = y < 0 ? 0 : y > 1 ? 1 : y;
        }
        return;
      case "hard-swish":
        for (let j = from; j < to; j++) {
          const x = memory[c + columns[j]];
          const y = x + 3;
          memory[c + columns[j]] = (x * (y < 0 ? 0 : y > 6 ? 6 : y)) / 6;
        }
        return;
      case "tanh":
        for (let j = from; j < to; j++) {
          const x = memory[c + columns[j]];
          memory[c + columns[j]] = Math.tanh(x);
        }
        return;
    }
  }
}
