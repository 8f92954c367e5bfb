import type { Activation } from "@leanconv/gemm";

/** No clamp: what every value lies between. */
export const unlimited: Float64Array = Float64Array.of(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);

/** Lower and upper bound of the activations that only clamp; storing a result does those. Undefined for the others. */
export function clampLimits(activation: Activation | undefined): Float64Array | undefined {
  if (activation === undefined) return unlimited;
  if (activation.kind === "relu") return Float64Array.of(0, unlimited[1]);
  if (activation.kind === "relu6") return Float64Array.of(0, 6);
  if (activation.kind === "clip")
    return Float64Array.of(activation.min ?? unlimited[0], activation.max ?? unlimited[1]);
  return undefined;
}
