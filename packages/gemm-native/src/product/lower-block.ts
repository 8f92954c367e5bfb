import type { PatchB } from "@leanconv/gemm";
import { type KernelExports, moverAxes, moverFields, moverWords, type StripExports } from "@leanconv/wasm-kernels";
import type { MoverLowering, RunLowering } from "./plan-lowering.ts";

/** The output positions that are lowered together: `rows` lines of `cols` pixels from (row, col) on. */
export interface Block {
  row: number;
  col: number;
  rows: number;
  cols: number;
}

/**
 * Lowers a block of pixels, allocating nothing. Places are elements: of the image's first pixel, of the thread's scratch
 * for a table, and of the block in scratch.
 */
export type LowerBlock = (image: number, scratch: number, target: number, block: Block) => void;

/** For every pixel and kernel row a run of the image's line. */
export function lowerRuns({ segments }: RunLowering, patch: PatchB, k: number, strips: StripExports): LowerBlock {
  const { iw, ih, sh, sw, line, col } = patch;
  return (image, _, target, block) => {
    for (let i = 0; i < segments.length; i++) {
      const segment = segments[i];
      strips.lower(
        4 * image,
        4 * (target + segment.k),
        4 * k,
        block.rows,
        block.cols,
        4 * segment.depth,
        block.row * sh + segment.dy,
        sh,
        ih,
        4 * line,
        4 * col * (block.col * sw + segment.dx),
        4 * col * sw,
        4 * col * iw,
      );
    }
  };
}

/** Movers pad their axes to this many, in front. */
const axesOfMover = 6;
const extents = axesOfMover * moverAxes.indexOf("extent");
const fields = axesOfMover * moverAxes.length;
const lineOffset = fields + moverFields.indexOf("offset1");
const columnOffset = fields + moverFields.indexOf("offset2");

/**
 * By the copy of the wasm kernels, tap after tap, with a copy of its table that belongs to the thread. `table` is the word
 * at which the mover's block lies in the heap.
 */
export function lowerByMover(
  { mover, segments, axes, kStride }: MoverLowering,
  patch: PatchB,
  table: number,
  words: Int32Array,
  wasm: KernelExports,
): LowerBlock {
  const { sh, sw, line, col } = patch;
  const first = extents + axesOfMover - mover.extents.length;
  return (image, scratch, target, block) => {
    for (let word = 0; word < moverWords; word++) words[scratch + word] = words[table + word];
    words[scratch + first + axes.row] = block.rows;
    words[scratch + first + axes.col] = block.cols;
    for (let i = 0; i < segments.length; i++) {
      const { dy, dx, k, depth } = segments[i];
      const y = block.row * sh + dy;
      const x = block.col * sw + dx;
      words[scratch + first + axes.depth] = depth;
      words[scratch + lineOffset] = y;
      words[scratch + columnOffset] = x;
      wasm.copy(4 * scratch, 4 * (image + y * line + x * col), 4 * (target + k * kStride), 0, 0, 0, 1);
    }
  };
}
