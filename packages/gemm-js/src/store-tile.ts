import { nr } from "./tile.ts";

/** Where tiles of a block go: what stays the same for all of them. */
export interface TileTarget {
  /** Distance of two rows of C. */
  readonly row: number;
  /** Distance of every column of the block in C. */
  readonly columns: Int32Array;
}

/**
 * Brings a finished tile into C: its first `rows` rows at `c`, and its columns [from, to) that stand from `first` on in
 * the block. Adds C where the product accumulates, adds the bias (at `bias`, none where that is negative) and clamps to
 * `limits`.
 *
 * Whole and cut tiles do the same operations in the same order, so that an element gets the same bits wherever the
 * borders of tiles are.
 */
export function storeTile(
  memory: Float32Array,
  sums: Float64Array,
  { row, columns }: TileTarget,
  rows: number,
  c: number,
  first: number,
  from: number,
  to: number,
  accumulate: boolean,
  bias: number,
  limits: Float64Array,
): void {
  const low = limits[0];
  const high = limits[1];
  if (to - from < nr) {
    for (let i = 0; i < rows; i++) {
      const add = bias < 0 ? 0 : memory[bias + i];
      for (let j = from; j < to; j++) {
        const at = c + i * row + columns[first + j];
        const sum = (accumulate ? sums[nr * i + j] + memory[at] : sums[nr * i + j]) + add;
        memory[at] = sum < low ? low : sum > high ? high : sum;
      }
    }
    return;
  }
  let c0 = c + columns[first];
  let c1 = c + columns[first + 1];
  let c2 = c + columns[first + 2];
  let c3 = c + columns[first + 3];
  for (let i = 0; i < rows; i++) {
    let s0 = sums[nr * i];
    let s1 = sums[nr * i + 1];
    let s2 = sums[nr * i + 2];
    let s3 = sums[nr * i + 3];
    if (accumulate) {
      s0 += memory[c0];
      s1 += memory[c1];
      s2 += memory[c2];
      s3 += memory[c3];
    }
    if (bias >= 0) {
      const add = memory[bias + i];
      s0 += add;
      s1 += add;
      s2 += add;
      s3 += add;
    }
    memory[c0] = s0 < low ? low : s0 > high ? high : s0;
    memory[c1] = s1 < low ? low : s1 > high ? high : s1;
    memory[c2] = s2 < low ? low : s2 > high ? high : s2;
    memory[c3] = s3 < low ? low : s3 > high ? high : s3;
    c0 += row;
    c1 += row;
    c2 += row;
    c3 += row;
  }
}
