import type { LoopAxis } from "./loop-nest.ts";

/** Copies one plane of rows x cols elements from its first elements on. Allocates nothing, but for `copyRuns`. */
export type PlaneCopy = (
  source: Float32Array,
  sourceStart: number,
  target: Float32Array,
  targetStart: number,
  rows: LoopAxis,
  cols: LoopAxis,
) => void;

/** From here on one `set` per row, with its `subarray`, is cheaper than a loop over its elements. */
const runElements = 64;

/** A tile of 16 x 16 floats: one cache line in either direction. */
const tile = 16;

/** The copy for a plane: whole runs, or tiles where the source is denser along the rows, or plain loops. */
export function planeCopy(rows: LoopAxis, cols: LoopAxis): PlaneCopy {
  if (cols.source === 1 && cols.target === 1 && cols.extent >= runElements) return copyRuns;
  if (rows.source !== 0 && Math.abs(rows.source) < Math.abs(cols.source)) return copyTiles;
  return copyRows;
}

const copyRuns: PlaneCopy = (source, sourceStart, target, targetStart, rows, cols) => {
  for (let row = 0; row < rows.extent; row++) {
    const from = sourceStart + row * rows.source;
    target.set(source.subarray(from, from + cols.extent), targetStart + row * rows.target);
  }
};

const copyRows: PlaneCopy = (source, sourceStart, target, targetStart, rows, cols) => {
  const { extent, source: sourceStep, target: targetStep } = cols;
  for (let row = 0; row < rows.extent; row++) {
    let from = sourceStart + row * rows.source;
    let to = targetStart + row * rows.target;
    for (let col = 0; col < extent; col++) {
      target[to] = source[from];
      from += sourceStep;
      to += targetStep;
    }
  }
};

/**
 * A transposition tile by tile: read along the source's lines and written along the target's, both of which stay in
 * cache while a tile lasts. Column by column over the whole plane would fetch every source line once per element.
 */
const copyTiles: PlaneCopy = (source, sourceStart, target, targetStart, rows, cols) => {
  const { source: sourceStep, target: targetStep } = cols;
  for (let firstRow = 0; firstRow < rows.extent; firstRow += tile) {
    const lastRow = Math.min(firstRow + tile, rows.extent);
    for (let firstCol = 0; firstCol < cols.extent; firstCol += tile) {
      const width = Math.min(tile, cols.extent - firstCol);
      for (let row = firstRow; row < lastRow; row++) {
        let from = sourceStart + row * rows.source + firstCol * sourceStep;
        let to = targetStart + row * rows.target + firstCol * targetStep;
        for (let col = 0; col < width; col++) {
          target[to] = source[from];
          from += sourceStep;
          to += targetStep;
        }
      }
    }
  }
};
