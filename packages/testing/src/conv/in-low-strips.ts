import type { ConvAlgorithm } from "@leanconv/conv";

/**
 * An algorithm that also offers its whole forms in strips of one and two rows. Strips are offered where they pay, on
 * large images; the kit's images are small.
 */
export function inLowStrips(algorithm: ConvAlgorithm): ConvAlgorithm {
  return {
    ...algorithm,
    variants: (problem, context) =>
      algorithm
        .variants(problem, context)
        .flatMap((offer) => [
          offer,
          ...[1, 2]
            .filter((rows) => rows < problem.oh && offer.variant.parameters.rows === undefined)
            .map((rows) => ({ ...offer, variant: { ...offer.variant, parameters: { rows } } })),
        ]),
  };
}
