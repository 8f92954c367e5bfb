import type { ConvAlgorithm } from "@leanconv/conv";
import type { WinogradTile } from "@leanconv/gemm";
import { winogradErrors } from "./errors.ts";
import { winogradProgram } from "./program.ts";
import { winogradVariants } from "./variants.ts";

export interface WinogradOptions {
  /** Bounds of the workspace that are offered, in KiB, in ascending order; default 256, 1024, 4096 and 16384. */
  readonly boundsKib?: readonly number[];
}

/**
 * Winograd's minimal filtering F(m x m, 3 x 3) (Lavin and Gray, arXiv:1509.09308): (m + 2)^2 multiplications for m^2 outputs
 * that take 9 m^2 otherwise, as as many products of weights and tiles of the image, both transformed. 3 x 3 kernels at stride
 * and dilation 1, any padding, groups and layouts. Tiles are taken in blocks, so that the workspace keeps a bound; packed
 * weights take (m + 2)^2 / 9 times the memory. Allocates the object.
 */
export function winogradAlgorithm(tile: WinogradTile, options: WinogradOptions = {}): ConvAlgorithm {
  const { boundsKib = [256, 1024, 4096, 16384] } = options;
  const algorithm: ConvAlgorithm = {
    name: `winograd-f${tile}`,
    errorClass: winogradErrors(tile),
    variants: (problem, context) => winogradVariants(problem, tile, boundsKib, context),
    program: (problem, variant, provider, views) => winogradProgram(algorithm, tile, problem, variant, provider, views),
  };
  return algorithm;
}

/** F(2x2, 3x3): 2.25 times fewer multiplications, weights 1.78 times as large, as accurate as direct sums. */
export const winogradF2: ConvAlgorithm = winogradAlgorithm(2);

/** F(4x4, 3x3): 4 times fewer multiplications, weights 4 times as large, an error some ten times that of direct sums. */
export const winogradF4: ConvAlgorithm = winogradAlgorithm(4);
