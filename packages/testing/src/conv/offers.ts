import type { ConvAlgorithm, ConvProblem, Offer, VariantContext } from "@leanconv/conv";
import { formatProblem } from "@leanconv/conv";
import type { ErrorCode } from "@leanconv/core";
import { type ImageLayout, imageLayouts } from "@leanconv/tensor";

/** Every pair of an input and an output layout. */
export const layoutPairs: readonly (readonly [ImageLayout, ImageLayout])[] = imageLayouts.flatMap((input) =>
  imageLayouts.map((output) => [input, output] as const),
);

/** The offers of all layout pairs, or of one, with an exclusive input. */
export function offersOf(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  pairs: readonly (readonly [ImageLayout, ImageLayout])[] = layoutPairs,
  context: VariantContext = {},
): Offer[] {
  return pairs.flatMap(([inputLayout, outputLayout]) =>
    algorithm.variants(problem, { exclusiveInput: true, ...context, inputLayout, outputLayout }),
  );
}

/** The variants that are not refused; an undeclared refusal is an error. */
export function acceptedOf(offers: readonly Offer[], refuses: readonly ErrorCode[], problem: ConvProblem): Offer[] {
  return offers.filter(({ variant, refusal }) => {
    if (refusal && !refuses.includes(refusal.code)) {
      throw new Error(`${JSON.stringify(variant)} refuses ${formatProblem(problem)} with ${refusal.code}, undeclared`);
    }
    return refusal === undefined;
  });
}
