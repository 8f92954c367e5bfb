import type { Activation, ActivationKind } from "./activation.ts";

/**
 * An activation in place on runs of float32 values: the same functions as `activationFunction`, as loops.
 *
 * The loops are written out, and the parameters lie in an array, because an engine may box what a function value returns
 * and what it reads from an object of unknown shape, and kernels must not allocate.
 */
export class ActivationRun {
  readonly #memory: Float32Array;
  readonly #kind: ActivationKind;
  /** alpha and beta, or the lower and the upper bound. */
  readonly #parameters: Float64Array;

  constructor(activation: Activation, memory: Float32Array) {
    this.#memory = memory;
    this.#kind = activation.kind;
    this.#parameters = Float64Array.from(parametersOf(activation));
  }

  /** `count` values from `at`, `step` apart; those of `prelu` have slopes from `slope`, `slopeStep` apart. */
  apply(at: number, step: number, count: number, slope: number, slopeStep: number): void {
    const memory = this.#memory;
    const first = this.#parameters[0];
    const second = this.#parameters[1];
    switch (this.#kind) {
      case "relu":
      case "relu6":
      case "clip":
        for (let i = 0; i < count; i++) {
          const x = memory[at];
          memory[at] = x < first ? first : x > second ? second : x;
          at += step;
        }
        return;
      case "leaky-relu":
        for (let i = 0; i < count; i++) {
          const x = memory[at];
          memory[at] = x < 0 ? first * x : x;
          at += step;
        }
        return;
      case "prelu":
        for (let i = 0; i < count; i++) {
          const x = memory[at];
          memory[at] = x < 0 ? memory[slope] * x : x;
          at += step;
          slope += slopeStep;
        }
        return;
      case "elu":
        for (let i = 0; i < count; i++) {
          const x = memory[at];
          memory[at] = x < 0 ? first * Math.expm1(x) : x;
          at += step;
        }
        return;
      case "sigmoid":
        for (let i = 0; i < count; i++) {
          memory[at] = 1 / (1 + Math.exp(-memory[at]));
          at += step;
        }
        return;
      case "hard-sigmoid":
        for (let i = 0; i < count; i++) {
          const y = first * memory[at] + second;
          memory[at] = y < 0 ? 0 : y > 1 ? 1 : y;
          at += step;
        }
        return;
      case "hard-swish":
        for (let i = 0; i < count; i++) {
          const x = memory[at];
          const y = x + 3;
          memory[at] = (x * (y < 0 ? 0 : y > 6 ? 6 : y)) / 6;
          at += step;
        }
        return;
      case "tanh":
        for (let i = 0; i < count; i++) {
          memory[at] = Math.tanh(memory[at]);
          at += step;
        }
        return;
    }
  }
}

function parametersOf(activation: Activation): readonly [first: number, second: number] {
  switch (activation.kind) {
    case "relu":
      return [0, Number.POSITIVE_INFINITY];
    case "relu6":
      return [0, 6];
    case "clip":
      return [activation.min ?? Number.NEGATIVE_INFINITY, activation.max ?? Number.POSITIVE_INFINITY];
    case "leaky-relu":
    case "elu":
      return [activation.alpha, 0];
    case "hard-sigmoid":
      return [activation.alpha, activation.beta];
    default:
      return [0, 0];
  }
}
