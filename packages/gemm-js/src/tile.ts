/** Rows of the register tile: the panels of A are this wide. */
export const mr = 4;
/** Columns of the register tile: the panels of B are this wide. */
export const nr = 4;

/**
 * The register tile: `sums` (mr x nr, row by row) := a panel of A times a panel of B, `depth` long. Everything fast in
 * this package is this loop.
 *
 * Arithmetic is in doubles: V8 has no single precision outside of WebAssembly, and `Math.fround` around each operation
 * costs conversions. Rows 2 and 3 stand behind a branch that is the same for the whole loop. It is there
 * for more than the remainder of m: V8 places all loads of a basic block first and all additions last, and with sixteen
 * sums in one block it keeps some of them in memory. Two blocks of eight stay in registers.
 */
export function tile(
  memory: Float32Array,
  a: number,
  b: number,
  depth: number,
  rows: number,
  sums: Float64Array,
): void {
  let c00 = 0;
  let c01 = 0;
  let c02 = 0;
  let c03 = 0;
  let c10 = 0;
  let c11 = 0;
  let c12 = 0;
  let c13 = 0;
  let c20 = 0;
  let c21 = 0;
  let c22 = 0;
  let c23 = 0;
  let c30 = 0;
  let c31 = 0;
  let c32 = 0;
  let c33 = 0;
  // Offsets that arrive as doubles would be checked to be whole at every load.
  a |= 0;
  b |= 0;
  const end = (b + nr * depth) | 0;
  while (b < end) {
    const b0 = memory[b];
    const b1 = memory[b + 1];
    const b2 = memory[b + 2];
    const b3 = memory[b + 3];
    const a0 = memory[a];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    const a1 = memory[a + 1];
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    if (rows > 2) {
      const a2 = memory[a + 2];
      c20 += a2 * b0;
      c21 += a2 * b1;
      c22 += a2 * b2;
      c23 += a2 * b3;
      const a3 = memory[a + 3];
      c30 += a3 * b0;
      c31 += a3 * b1;
      c32 += a3 * b2;
      c33 += a3 * b3;
    }
    a += mr;
    b += nr;
  }
  sums[0] = c00;
  sums[1] = c01;
  sums[2] = c02;
  sums[3] = c03;
  sums[4] = c10;
  sums[5] = c11;
  sums[6] = c12;
  sums[7] = c13;
  sums[8] = c20;
  sums[9] = c21;
  sums[10] = c22;
  sums[11] = c23;
  sums[12] = c30;
  sums[13] = c31;
  sums[14] = c32;
  sums[15] = c33;
}
