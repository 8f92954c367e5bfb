import type { WinogradTile } from "./descriptor.ts";

type Matrix = readonly (readonly number[])[];

/** The matrices of F(m x m, 3 x 3): Y = output * [(filter * g * filter') . (input * d * input')] * output'. */
export interface WinogradMatrices {
  /** B' of Lavin and Gray. */
  readonly input: Matrix;
  /** G. */
  readonly filter: Matrix;
  /** A'. */
  readonly output: Matrix;
}

/** Lavin and Gray, sections 4.1 (points 0, 1, -1, infinity) and 4.3 (0, 1, -1, 2, -2, infinity). */
export const winogradMatrices: Readonly<Record<WinogradTile, WinogradMatrices>> = {
  2: {
    input: [
      [1, 0, -1, 0],
      [0, 1, 1, 0],
      [0, -1, 1, 0],
      [0, 1, 0, -1],
    ],
    filter: [
      [1, 0, 0],
      [1 / 2, 1 / 2, 1 / 2],
      [1 / 2, -1 / 2, 1 / 2],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 0],
      [0, 1, -1, -1],
    ],
  },
  4: {
    input: [
      [4, 0, -5, 0, 1, 0],
      [0, -4, -4, 1, 1, 0],
      [0, 4, -4, -1, 1, 0],
      [0, -2, -1, 2, 1, 0],
      [0, 2, -1, -2, 1, 0],
      [0, 4, 0, -5, 0, 1],
    ],
    filter: [
      [1 / 4, 0, 0],
      [-1 / 6, -1 / 6, -1 / 6],
      [-1 / 6, 1 / 6, -1 / 6],
      [1 / 24, 1 / 12, 1 / 6],
      [1 / 24, -1 / 12, 1 / 6],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 1, 1, 0],
      [0, 1, -1, 2, -2, 0],
      [0, 1, 1, 4, 4, 0],
      [0, 1, -1, 8, -8, 1],
    ],
  },
};

/** Points of a tile: (m + 2)^2, 16 or 36. */
export function winogradPoints(tile: WinogradTile): number {
  return (tile + 2) ** 2;
}
