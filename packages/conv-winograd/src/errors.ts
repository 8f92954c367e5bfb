import type { ErrorClass } from "@leanconv/conv";
import { type WinogradTile, winogradMatrices } from "@leanconv/gemm";

/**
 * Roundings on the way through the three transforms, both sides of each, with the constants that are no float32 and the
 * bias: of the input (one and three additions or products a side), of the filter (two and five) and of the output (two and
 * three).
 */
const transformRoundings: Readonly<Record<WinogradTile, number>> = { 2: 2 * (1 + 2 + 2) + 2, 4: 2 * (3 + 5 + 3) + 2 };

/**
 * The error class of F(m x m, 3 x 3), which docs/accuracy.md derives: amplification is the square of the largest
 * sum over i of |A'[p][i]| * (sum over j of |B'[i][j]|) * |G[i][k]|, 16 for m = 2 and 860 for m = 4.
 */
export function winogradErrors(tile: WinogradTile): ErrorClass {
  return {
    ...{ name: `winograd-f${tile}`, accuracy: tile === 2 ? "standard" : "fast", tile },
    ...{ amplification: oneSided(tile) ** 2, exactOnIntegers: tile === 2 },
    roundings: ({ ic, groups }) => ic / groups + transformRoundings[tile],
  };
}

function oneSided(tile: WinogradTile): number {
  const { input, filter, output } = winogradMatrices[tile];
  const rowSums = input.map((row) => row.reduce((sum, factor) => sum + Math.abs(factor), 0));
  let largest = 0;
  for (const a of output) {
    for (let k = 0; k < 3; k++) {
      const sum = rowSums.reduce((total, b, i) => total + Math.abs(a[i]) * b * Math.abs(filter[i][k]), 0);
      largest = Math.max(largest, sum);
    }
  }
  return largest;
}
