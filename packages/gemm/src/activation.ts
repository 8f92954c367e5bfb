import { convError } from "@leanconv/core";

/**
 * An element-wise function applied once to every finished output. Names and defaults are WebNN's and tf.js's.
 *
 * NaN stays NaN under every one of them. `prelu` takes one slope per output channel, given as an operand.
 */
export type Activation =
  | { readonly kind: "relu" | "relu6" | "prelu" | "sigmoid" | "tanh" | "hard-swish" }
  /** An absent bound does not bound (infinities do not survive JSON). */
  | { readonly kind: "clip"; readonly min?: number; readonly max?: number }
  | { readonly kind: "leaky-relu"; readonly alpha: number }
  | { readonly kind: "elu"; readonly alpha: number }
  | { readonly kind: "hard-sigmoid"; readonly alpha: number; readonly beta: number };

export type ActivationKind = Activation["kind"];

export const activationKinds: readonly ActivationKind[] = [
  "relu",
  "relu6",
  "clip",
  "leaky-relu",
  "prelu",
  "elu",
  "sigmoid",
  "hard-sigmoid",
  "hard-swish",
  "tanh",
];

/** The activation as a function of the value and, for `prelu`, the channel's slope. */
export type ActivationFunction = (value: number, slope: number) => number;

/** Returns the scalar function; allocates one closure, so call it once, outside of loops. */
export function activationFunction(activation: Activation | undefined): ActivationFunction {
  if (activation === undefined) return (x) => x;
  switch (activation.kind) {
    case "relu":
      return (x) => (x < 0 ? 0 : x);
    case "relu6":
      return (x) => (x < 0 ? 0 : x > 6 ? 6 : x);
    case "clip": {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = activation;
      return (x) => (x < min ? min : x > max ? max : x);
    }
    case "leaky-relu": {
      const { alpha } = activation;
      return (x) => (x < 0 ? alpha * x : x);
    }
    case "prelu":
      return (x, slope) => (x < 0 ? slope * x : x);
    case "elu": {
      const { alpha } = activation;
      return (x) => (x < 0 ? alpha * Math.expm1(x) : x);
    }
    case "sigmoid":
      return (x) => 1 / (1 + Math.exp(-x));
    case "hard-sigmoid": {
      const { alpha, beta } = activation;
      return (x) => {
        const y = alpha * x + beta;
        return y < 0 ? 0 : y > 1 ? 1 : y;
      };
    }
    case "hard-swish":
      return (x) => {
        const y = x + 3;
        return (x * (y < 0 ? 0 : y > 6 ? 6 : y)) / 6;
      };
    case "tanh":
      return Math.tanh;
  }
}

/**
 * Completes a name or a partly filled activation with the defaults: leaky-relu alpha 0.01, elu alpha 1, hard-sigmoid
 * alpha 0.2 and beta 0.5, clip without bounds.
 * @throws `argument.activation`
 */
export function normaliseActivation(
  value: ActivationKind | "none" | (Partial<Activation> & { readonly kind: ActivationKind | "none" }) | undefined,
  where: string,
): Activation | undefined {
  if (value === undefined || value === null) return undefined;
  const options = (typeof value === "string" ? { kind: value } : value) as { kind: string } & Record<string, unknown>;
  const number = (name: string, fallback: number): number => {
    const given = options[name] ?? fallback;
    if (typeof given !== "number" || Number.isNaN(given)) {
      throw convError("argument.activation", { where, what: `${options.kind}: ${name} must be a number`, got: given });
    }
    return given;
  };
  switch (options.kind) {
    case "none":
      return undefined;
    case "relu":
    case "relu6":
    case "prelu":
    case "sigmoid":
    case "tanh":
    case "hard-swish":
      return { kind: options.kind };
    case "clip": {
      const min = number("min", Number.NEGATIVE_INFINITY);
      const max = number("max", Number.POSITIVE_INFINITY);
      if (min > max) {
        throw convError("argument.activation", { where, what: "clip: min is above max", got: `${min} > ${max}` });
      }
      return {
        kind: "clip",
        ...(min !== Number.NEGATIVE_INFINITY && { min }),
        ...(max !== Number.POSITIVE_INFINITY && { max }),
      };
    }
    case "leaky-relu":
      return { kind: "leaky-relu", alpha: number("alpha", 0.01) };
    case "elu":
      return { kind: "elu", alpha: number("alpha", 1) };
    case "hard-sigmoid":
      return { kind: "hard-sigmoid", alpha: number("alpha", 0.2), beta: number("beta", 0.5) };
    default:
      throw convError("argument.activation", {
        where,
        what: "unknown activation",
        got: options.kind,
        wanted: `none, ${activationKinds.join(", ")}`,
      });
  }
}
