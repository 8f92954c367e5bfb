import { type ConvProblem, directSums, type ErrorClass } from "@leanconv/conv";
import { type Activation, activationFunction } from "@leanconv/gemm";

/** Half of the distance from 1 to the next float32. */
const unitRoundoff = 2 ** -24;
const smallestFloat32 = 2 ** -149;
/** 1 holds to first order for float32 sums in any order, with or without fused multiply-adds; 2 covers the rest. */
const sumFactor = 2;
/** Allowed to the activation itself, whose exponential may be an approximation. */
const activationUlps = 4;

/**
 * How far a float32 result may lie from the oracle's value if it was computed correctly, in any order of summation:
 *
 *     L * 2 * roundings * 2^-24 * amplification * magnitude  +  4 ulps of the result  +  underflow
 *
 * with the roundings and the amplification of the algorithm's error class, which for direct sums are kh * kw * ic / groups
 * + 1 and 1, and L the activation's Lipschitz constant. Allocates a closure.
 * @param magnitude from `directAt`, with the tile of the error class.
 * @param slope of the channel, for prelu.
 */
export function errorBound(p: ConvProblem, magnitude: number, slope = 1, errors: ErrorClass = directSums): number {
  const terms = (p.kh * p.kw * p.ic) / p.groups;
  const lipschitz = lipschitzConstant(p.activation, slope);
  const sum = sumFactor * errors.roundings(p) * unitRoundoff * errors.amplification * magnitude;
  const largestResult = lipschitz * magnitude + Math.abs(activationFunction(p.activation)(0, slope));
  const underflow = (terms + 2) * errors.amplification * smallestFloat32;
  return lipschitz * (sum + underflow) + activationUlps * 2 * unitRoundoff * largestResult + smallestFloat32;
}

/** The steepest the activation gets: how much it can enlarge an error. */
function lipschitzConstant(activation: Activation | undefined, slope: number): number {
  switch (activation?.kind) {
    case "leaky-relu":
    case "elu":
      return Math.max(1, Math.abs(activation.alpha));
    case "prelu":
      return Math.max(1, Math.abs(slope));
    case "sigmoid":
      return 1 / 4;
    case "hard-sigmoid":
      return Math.abs(activation.alpha);
    case "hard-swish":
      return 3 / 2;
    default:
      return 1;
  }
}
