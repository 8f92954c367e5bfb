import { type ConvAlgorithm, directSums } from "@leanconv/conv";
import { mecProgram } from "./program.ts";
import { mecVariants } from "./variants.ts";

export interface MecOptions {
  /**
   * T of the paper: the most output columns for which Solution A (one product per output row over the whole batch) is
   * chosen. Depends on the machine; public implementations use 100.
   */
  readonly threshold?: number;
}

/**
 * Memory-efficient convolution (Cho and Brand, ICML 2017): the patch matrix is compacted along one axis, and overlapping
 * windows of it feed one product per output row. Any geometry, both layouts. Allocates the object.
 */
export function mecAlgorithm(options: MecOptions = {}): ConvAlgorithm {
  const { threshold = 100 } = options;
  const algorithm: ConvAlgorithm = {
    name: "mec",
    errorClass: directSums,
    variants: (problem, context) => mecVariants(problem, threshold, context),
    program: (problem, variant, provider, views) => mecProgram(algorithm, threshold, problem, variant, provider, views),
  };
  return algorithm;
}

/** MEC with the threshold of the public implementations, T = 100. */
export const mec: ConvAlgorithm = mecAlgorithm({ threshold: 100 });
