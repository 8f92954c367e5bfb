type Matrix = readonly (readonly number[])[];

/**
 * The input and output transforms of Winograd's F(2x2, 3x3) and F(4x4, 3x3), exact on integers, and those of the filters
 * (Lavin and Gray, section 4.1 and 4.3). Written once more, for the definition to be independent of the contract.
 */
export const winogradMatrices: Readonly<Record<`${"input" | "filter" | "output"}${2 | 4}`, Matrix>> = {
  input2: [
    [1, 0, -1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, 1, 0, -1],
  ],
  filter2: [
    [1, 0, 0],
    [0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5],
    [0, 0, 1],
  ],
  output2: [
    [1, 1, 1, 0],
    [0, 1, -1, -1],
  ],
  input4: [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
  ],
  filter4: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  output4: [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
  ],
};
