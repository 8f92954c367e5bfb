import { type GemmDescriptor, validWindow } from "@leanconv/gemm";
import { nr } from "./tile.ts";

/**
 * Where the pixels of a block of columns lie. Columns are pixels, counted row by row through the rows of a call, and a
 * block may straddle rows; the tables turn a column into distances, so that no loop over k or m divides.
 */
export class PixelTable {
  /** Distance of every column in C. */
  readonly targets: Int32Array;
  /** Distance of every column in a plain B. */
  readonly sources: Int32Array;
  /** Line and column in the image of every column of a patch B, for a tap at (0, 0). */
  readonly lines: Int32Array;
  readonly places: Int32Array;
  /**
   * B is a patch of one tap added to C: what lies outside of the image adds nothing and is left out, and the rest is a
   * plain product.
   */
  readonly windowed: boolean;
  /** Columns of the call are [first, end); the grid of tiles starts at 0. */
  first = 0;
  end = 0;
  /** Where the grid lies in a B in panels: the columns of all panels before it. */
  origin = 0;
  /** Columns of the filled block in front of `first`, which belong to nobody. */
  lead = 0;
  /** Columns of the filled block, from `lead` on, that are of one row of pixels; all further rows have `width`. */
  firstRow = 0;
  readonly width: number;
  /** Distance of two columns of a row in C. */
  readonly step: number;

  readonly #descriptor: GemmDescriptor;
  readonly #rowLow: number;
  readonly #rowHigh: number;
  readonly #colLow: number;
  #row = 0;

  constructor(descriptor: GemmDescriptor, count: number) {
    const { b, cols, beta, bias, activation } = descriptor;
    const all = { y0: 0, y1: 2 ** 30, x0: 0, x1: cols };
    const patch = b.kind === "patch" ? b : undefined;
    this.#descriptor = descriptor;
    this.windowed = patch?.taps.length === 1 && beta === 1 && bias !== true && activation === undefined;
    const { y0, y1, x0, x1 } = patch && this.windowed ? validWindow(patch, 0, all.y1, cols) : all;
    this.#rowLow = y0 | 0;
    this.#rowHigh = y1 | 0;
    this.#colLow = x0 | 0;
    this.width = (x1 - x0) | 0;
    this.step = descriptor.c.col | 0;
    this.targets = new Int32Array(count);
    this.sources = new Int32Array(b.kind === "plain" || this.windowed ? count : 0);
    this.lines = new Int32Array(patch && !this.windowed ? count : 0);
    this.places = new Int32Array(this.lines.length);
  }

  /** Starts a call of these rows. */
  begin(rowBegin: number, rowEnd: number): void {
    const { b, cols } = this.#descriptor;
    const low = rowBegin > this.#rowLow ? rowBegin : this.#rowLow;
    const high = rowEnd < this.#rowHigh ? rowEnd : this.#rowHigh;
    const ahead = b.kind === "panels" ? (rowBegin * cols) | 0 : 0;
    this.#row = low;
    this.first = ahead % nr;
    this.origin = ahead - this.first;
    this.end = this.first + (high > low ? (high - low) * this.width : 0);
  }

  /** Fills the tables for `count` columns from n0. */
  fill(n0: number, count: number): void {
    const { b, c } = this.#descriptor;
    const { first, targets, sources, lines, places } = this;
    const begin = n0 > first ? n0 : first;
    this.lead = begin - n0;
    let row = this.#row + (((begin - first) / this.width) | 0);
    let col = this.#colLow + ((begin - first) % this.width);
    const endCol = this.#colLow + this.width;
    this.firstRow = endCol - col;
    for (let j = begin - n0; j < count; j++) {
      targets[j] = row * c.row + col * c.col;
      if (b.kind === "plain") sources[j] = row * b.row + col * b.col;
      else if (b.kind === "patch") {
        const line = row * b.sh;
        const place = col * b.sw;
        if (this.windowed) sources[j] = (line + b.taps[0].dy) * b.line + (place + b.taps[0].dx) * b.col;
        else {
          lines[j] = line;
          places[j] = place;
        }
      }
      if (++col === endCol) {
        col = this.#colLow;
        row++;
      }
    }
  }
}
