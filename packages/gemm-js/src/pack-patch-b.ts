import type { PatchB } from "@leanconv/gemm";
import { clearLane, copyLane, copyPanel } from "./copy-panel.ts";
import { nr } from "./tile.ts";

/** The packing of a patch operand; keeps one small table of taps. */
export class PatchPacker {
  readonly #taps: Int32Array;
  readonly #channels: number;
  readonly #ih: number;
  readonly #iw: number;
  readonly #channel: number;
  readonly #line: number;
  readonly #col: number;

  constructor({ taps, channels, ih, iw, channel, line, col }: PatchB) {
    this.#taps = Int32Array.from(taps.flatMap(({ dy, dx }) => [dy, dx]));
    this.#channels = channels | 0;
    this.#ih = ih | 0;
    this.#iw = iw | 0;
    this.#channel = channel | 0;
    this.#line = line | 0;
    this.#col = col | 0;
  }

  /**
   * Rows k0 to k0 + depth of the patch matrix into panels at `target`, straight from the image at `source`: implicit
   * GEMM. `lines` and `places` hold line and column of every pixel of the block for a tap at (0, 0).
   *
   * What lies outside of the image is found once for a panel and a tap; the loop over channels tests nothing.
   */
  pack(
    memory: Float32Array,
    source: number,
    k0: number,
    depth: number,
    lines: Int32Array,
    places: Int32Array,
    count: number,
    target: number,
  ): void {
    const taps = this.#taps;
    const channels = this.#channels;
    const channel = this.#channel;
    const line = this.#line;
    const col = this.#col;
    const firstTap = (k0 / channels) | 0;
    const firstChannel = k0 - firstTap * channels;
    for (let j = 0; j < count; j += nr) {
      const used = count - j < nr ? count - j : nr;
      let tap = firstTap;
      let begin = firstChannel;
      let left = depth;
      while (left > 0) {
        const run = left < channels - begin ? left : channels - begin;
        const dy = taps[2 * tap];
        const dx = taps[2 * tap + 1];
        const at = source + begin * channel + dy * line + dx * col;
        if (used === nr && this.#allInside(lines, places, j, dy, dx)) {
          const s0 = at + lines[j] * line + places[j] * col;
          const s1 = at + lines[j + 1] * line + places[j + 1] * col;
          const s2 = at + lines[j + 2] * line + places[j + 2] * col;
          const s3 = at + lines[j + 3] * line + places[j + 3] * col;
          copyPanel(memory, s0, s1, s2, s3, channel, target, run);
        } else {
          for (let lane = 0; lane < nr; lane++) {
            if (lane < used && this.#inside(lines[j + lane] + dy, places[j + lane] + dx)) {
              copyLane(memory, at + lines[j + lane] * line + places[j + lane] * col, channel, target + lane, run);
            } else {
              clearLane(memory, target + lane, run);
            }
          }
        }
        target += nr * run;
        left -= run;
        begin = 0;
        tap++;
      }
    }
  }

  #inside(y: number, x: number): boolean {
    return y >= 0 && y < this.#ih && x >= 0 && x < this.#iw;
  }

  #allInside(lines: Int32Array, places: Int32Array, j: number, dy: number, dx: number): boolean {
    return (
      this.#inside(lines[j] + dy, places[j] + dx) &&
      this.#inside(lines[j + 1] + dy, places[j + 1] + dx) &&
      this.#inside(lines[j + 2] + dy, places[j + 2] + dx) &&
      this.#inside(lines[j + 3] + dy, places[j + 3] + dx)
    );
  }
}
