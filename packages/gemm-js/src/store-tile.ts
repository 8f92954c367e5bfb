import { nr } from "./tile.ts";

/**
 * Brings a finished tile into C: rows `rows`, columns [from, to) of it, adds C where the product accumulates, adds the
 * bias (at `bias`, or none below 0) and clamps to `limits`. One path for whole and cut tiles, so that an element gets the
 * same bits wherever the tile's borders are.
 *
 * `columns` holds the distance of every column of the block from `c`; the tile's first is at `first`.
 */
export function storeTile(
  memory: Float32Array,
  sums: Float64Array,
  rows: number,
  c: number,
  stride: number,
  columns: Int32Array,
  first: number,
  from: number,
  to: number,
  accumulate: boolean,
  bias: number,
  limits: Float64Array,
): void {
  const low = limits[0];
  const high = limits[1];
  for (let i = 0; i < rows; i++) {
    const add = bias < 0 ? 0 : memory[bias + i];
    for (let j = from; j < to; j++) {
      const at = c + columns[first + j];
      const sum = (accumulate ? sums[nr * i + j] + memory[at] : sums[nr * i + j]) + add;
      memory[at] = sum < low ? low : sum > high ? high : sum;
    }
    c += stride;
  }
}
