import type { Activation } from "@leanconv/gemm";

/** Lower and upper bound of the activations that only clamp; those are part of storing a tile. */
export function clampLimits(activation: Activation | undefined): readonly [low: number, high: number] | undefined {
  const none = Number.POSITIVE_INFINITY;
  if (activation === undefined) return [-none, none];
  if (activation.kind === "relu") return [0, none];
  if (activation.kind === "relu6") return [0, 6];
  if (activation.kind === "clip") return [activation.min ?? -none, activation.max ?? none];
  return undefined;
}

/**
 * Applies the other activations to a row of C: the columns [from, to) of `columns` at `c`, while they are in the cache.
 * Loops are written out because a call through a function value may box its number, and `run` must not allocate.
 */
export function activateRow(
  activation: Activation,
  memory: Float32Array,
  c: number,
  columns: Int32Array,
  from: number,
  to: number,
  slope: number,
): void {
  switch (activation.kind) {
    case "leaky-relu":
    case "prelu": {
      const factor = "alpha" in activation ? activation.alpha : memory[slope];
      for (let j = from; j < to; j++) {
        const at = c + columns[j];
        if (memory[at] < 0) memory[at] *= factor;
      }
      return;
    }
    case "elu": {
      const { alpha } = activation;
      for (let j = from; j < to; j++) {
        const at = c + columns[j];
        if (memory[at] < 0) memory[at] = alpha * Math.expm1(memory[at]);
      }
      return;
    }
    case "sigmoid":
      for (let j = from; j < to; j++) memory[c + columns[j]] = 1 / (1 + Math.exp(-memory[c + columns[j]]));
      return;
    case "hard-sigmoid": {
      const { alpha, beta } = activation;
      for (let j = from; j < to; j++) {
        const y = alpha * memory[c + columns[j]] + beta;
        memory[c + columns[j]] = y < 0 ? 0 : y > 1 ? 1 : y;
      }
      return;
    }
    case "hard-swish":
      for (let j = from; j < to; j++) {
        const x = memory[c + columns[j]];
        const y = x + 3;
        memory[c + columns[j]] = (x * (y < 0 ? 0 : y > 6 ? 6 : y)) / 6;
      }
      return;
    case "tanh":
      for (let j = from; j < to; j++) memory[c + columns[j]] = Math.tanh(memory[c + columns[j]]);
      return;
  }
}
