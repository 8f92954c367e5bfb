import { moverAxes, moverFields, moverWords } from "@leanconv/wasm-kernels";
import type { Lowering } from "./plan-lowering.ts";

/** Movers pad their axes to this many, in front. */
const axes = 6;
const extents = axes * moverAxes.indexOf("extent");
const fields = axes * moverAxes.length;
const line = fields + moverFields.indexOf("offset1");
const column = fields + moverFields.indexOf("offset2");

/** The copy of the wasm kernels. */
export type CopyKernel = (
  table: number,
  source: number,
  target: number,
  begin: number,
  end: number,
  part: number,
  parts: number,
) => void;

/** Lowers blocks of pixels with a table of its own thread, in which places, extents and offsets are written. */
export class BlockLowering {
  readonly #lowering: Lowering;
  readonly #copy: CopyKernel;
  readonly #words: Int32Array;
  readonly #table: number;
  readonly #row: number;
  readonly #col: number;
  readonly #depth: number;
  readonly #lineStride: number;
  readonly #colStride: number;

  /** `words` are the heap's, `table` the byte at which the mover's block lies. `lineStride` and `colStride` are the image's. */
  constructor(
    lowering: Lowering,
    copy: CopyKernel,
    words: Int32Array,
    table: number,
    lineStride: number,
    colStride: number,
  ) {
    const first = extents + axes - lowering.mover.extents.length;
    this.#lowering = lowering;
    this.#copy = copy;
    this.#words = words;
    this.#table = table;
    this.#row = first + lowering.axes.row;
    this.#col = first + lowering.axes.col;
    this.#depth = first + lowering.axes.depth;
    this.#lineStride = lineStride;
    this.#colStride = colStride;
  }

  /**
   * Lowers `rows` lines of `cols` pixels from output position (row, col) on. `image` is the element of the image's first
   * pixel, `scratch` the element at which a copy of the table is made, `target` that of the block.
   */
  run(
    image: number,
    scratch: number,
    target: number,
    row: number,
    col: number,
    rows: number,
    cols: number,
    sh: number,
    sw: number,
  ): void {
    const words = this.#words;
    const { segments, kStride, columnUnit } = this.#lowering;
    const from = this.#table / 4;
    for (let word = 0; word < moverWords; word++) words[scratch + word] = words[from + word];
    words[scratch + this.#row] = rows;
    words[scratch + this.#col] = cols;
    for (let i = 0; i < segments.length; i++) {
      const { dy, dx, k, depth } = segments[i];
      const y = row * sh + dy;
      const x = col * sw + dx;
      words[scratch + this.#depth] = depth;
      words[scratch + line] = y;
      words[scratch + column] = columnUnit * x;
      const source = image + y * this.#lineStride + x * this.#colStride;
      this.#copy(4 * scratch, 4 * source, 4 * (target + k * kStride), 0, 0, 0, 1);
    }
  }
}
