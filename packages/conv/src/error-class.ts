import type { ConvProblem } from "./problem.ts";

/** What a caller asks of accuracy: sums as they are defined, transforms that are as accurate, or all transforms. */
export const accuracies = ["no-transform", "standard", "fast"] as const;
export type Accuracy = (typeof accuracies)[number];

/**
 * How far the results of an algorithm may lie from the exact ones, in float32 and in any order of summation:
 *
 *     |got - exact| <= 2 * roundings * 2^-24 * amplification * sum of |w| |x|
 *
 * before the activation. With a `tile` of 1 the sum is that of the output itself. Algorithms that compute several outputs
 * from common products have errors by the largest of the inputs involved: there |x| is, channel by channel, the largest
 * magnitude among the inputs of the tile of tile x tile outputs that the output belongs to. Derivation: docs/accuracy.md.
 */
export interface ErrorClass {
  /** Stands in plans and explanations. */
  readonly name: string;
  /** The strictest demand that it meets. */
  readonly accuracy: Accuracy;
  readonly tile: number;
  readonly amplification: number;
  /** Whether small integers give exact results, because all factors of the transforms are dyadic. */
  readonly exactOnIntegers: boolean;
  /** Roundings between the inputs and the output, to first order. */
  roundings(problem: ConvProblem): number;
}

/** Sums of products as the definition has them, of kh * kw * ic / groups terms, and the bias. */
export const directSums: ErrorClass = {
  ...{ name: "direct sums", accuracy: "no-transform", tile: 1, amplification: 1, exactOnIntegers: true },
  roundings: ({ kh, kw, ic, groups }) => (kh * kw * ic) / groups + 1,
};

/** Whether an algorithm of this class may serve a caller with this demand. */
export function isAccurate({ accuracy }: ErrorClass, demand: Accuracy): boolean {
  return accuracies.indexOf(accuracy) <= accuracies.indexOf(demand);
}
