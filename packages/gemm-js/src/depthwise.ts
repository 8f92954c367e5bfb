import { type GemmDescriptor, type Kernel, type KernelCall, type PatchB, shareStart } from "@leanconv/gemm";
import { activateRow, clampLimits } from "./activate-row.ts";
import { panelForms, panelRows } from "./packed-form.ts";

/** Whether a product is depthwise: many products of one row with the patch matrix of one channel. */
export function isDepthwise({ m, b, batch }: GemmDescriptor): boolean {
  return m === 1 && b.kind === "patch" && b.channels === 1 && b.taps.length > 0 && batch !== undefined;
}

/**
 * Depthwise convolution, the batched GEMM with m = 1: nothing is used twice but the nine or so weights, so a panel would
 * only be a copy. Four pixels at a time are summed straight from the image, taps innermost; pixels near the border test
 * every tap.
 */
export class Depthwise implements Kernel {
  readonly #memory: Float32Array;
  readonly #descriptor: GemmDescriptor;
  readonly #patch: PatchB;
  readonly #batch: NonNullable<GemmDescriptor["batch"]>;
  readonly #limits: readonly [low: number, high: number] | undefined;
  readonly #batchA: number;
  readonly #strideA: number;
  /** Pixels [low, high) of a row whose taps are inside of the image in x. */
  readonly #low: number;
  readonly #high: number;
  /** Of the current row: the taps whose line is inside, as distance in the image, place of the weight and dx. */
  readonly #distances: Int32Array;
  readonly #weights: Int32Array;
  readonly #dx: Int32Array;
  #taps = 0;
  readonly #columns: Int32Array;
  /** Channels innermost: a row of all channels at a time stays in the cache. */
  readonly #rowsOutside: boolean;

  constructor(descriptor: GemmDescriptor, memory: Float32Array) {
    const { a, b, c, cols, batch, activation } = descriptor;
    if (b.kind !== "patch" || batch === undefined) throw new TypeError("not depthwise");
    this.#memory = memory;
    this.#descriptor = descriptor;
    this.#patch = b;
    this.#batch = batch;
    this.#limits = clampLimits(activation);
    this.#batchA = batch.a * (a.kind === "packed" ? panelForms.packedForm(a.pack).batchStride : 1);
    this.#strideA = a.kind === "packed" ? panelRows(a.pack) : a.k;
    let low = 0;
    let high = cols;
    for (const { dx } of b.taps) {
      low = Math.max(low, Math.ceil(-dx / b.sw));
      high = Math.min(high, Math.floor((b.iw - 1 - dx) / b.sw) + 1);
    }
    this.#low = Math.min(low, cols);
    this.#high = Math.max(this.#low, high);
    this.#distances = new Int32Array(b.taps.length);
    this.#weights = new Int32Array(b.taps.length);
    this.#dx = new Int32Array(b.taps.length);
    this.#columns = Int32Array.from({ length: cols }, (_, x) => x * c.col);
    this.#rowsOutside = Math.abs(batch.c) < Math.abs(c.col);
  }

  run(call: KernelCall): void {
    const count = this.#batch.count;
    const rows = call.rowEnd > call.rowBegin ? call.rowEnd - call.rowBegin : 0;
    const end = shareStart(count * rows, call.part + 1, call.parts);
    for (let unit = shareStart(count * rows, call.part, call.parts); unit < end; unit++) {
      const slow = Math.floor(unit / (this.#rowsOutside ? count : rows));
      const fast = unit - slow * (this.#rowsOutside ? count : rows);
      const index = this.#rowsOutside ? fast : slow;
      const row = call.rowBegin + (this.#rowsOutside ? slow : fast);
      this.#row(call, index, row);
    }
  }

  #row(call: KernelCall, index: number, row: number): void {
    const { c, cols, bias, beta, activation } = this.#descriptor;
    const { col, sw } = this.#patch;
    const batch = this.#batch;
    const memory = this.#memory;
    this.#chooseTaps(row);
    const a = call.a + index * this.#batchA;
    const image = call.b + index * batch.b;
    const line = call.c + index * batch.c + row * c.row;
    const add = bias ? memory[call.bias + index * (batch.bias ?? 0)] : 0;
    const keep = beta === 1;
    const low = this.#limits === undefined ? Number.NEGATIVE_INFINITY : this.#limits[0];
    const high = this.#limits === undefined ? Number.POSITIVE_INFINITY : this.#limits[1];
    const taps = this.#taps;
    const weights = this.#weights;
    const distances = this.#distances;
    const step = sw * col;
    for (let x = 0; x < cols; x++) {
      const s = image + x * step;
      const at = line + x * c.col;
      let sum = 0;
      if (x < this.#low || x >= this.#high) {
        for (let t = 0; t < taps; t++) {
          const place = x * sw + this.#dx[t];
          if (place >= 0 && place < this.#patch.iw) sum += memory[a + weights[t]] * memory[s + distances[t]];
        }
      } else if (x + 4 <= this.#high) {
        let sum1 = 0;
        let sum2 = 0;
        let sum3 = 0;
        for (let t = 0; t < taps; t++) {
          const weight = memory[a + weights[t]];
          const from = s + distances[t];
          sum += weight * memory[from];
          sum1 += weight * memory[from + step];
          sum2 += weight * memory[from + 2 * step];
          sum3 += weight * memory[from + 3 * step];
        }
        sum1 = (keep ? sum1 + memory[at + c.col] : sum1) + add;
        sum2 = (keep ? sum2 + memory[at + 2 * c.col] : sum2) + add;
        sum3 = (keep ? sum3 + memory[at + 3 * c.col] : sum3) + add;
        memory[at + c.col] = sum1 < low ? low : sum1 > high ? high : sum1;
        memory[at + 2 * c.col] = sum2 < low ? low : sum2 > high ? high : sum2;
        memory[at + 3 * c.col] = sum3 < low ? low : sum3 > high ? high : sum3;
        x += 3;
      } else {
        for (let t = 0; t < taps; t++) sum += memory[a + weights[t]] * memory[s + distances[t]];
      }
      sum = (keep ? sum + memory[at] : sum) + add;
      memory[at] = sum < low ? low : sum > high ? high : sum;
    }
    if (this.#limits === undefined && activation !== undefined) {
      activateRow(activation, memory, line, this.#columns, 0, cols, call.slopes + index * (batch.slopes ?? 0));
    }
  }

  /** The taps of this row whose line is inside of the image, in their order. */
  #chooseTaps(row: number): void {
    const { taps, sh, ih, line, col } = this.#patch;
    let used = 0;
    for (let t = 0; t < taps.length; t++) {
      const y = row * sh + taps[t].dy;
      if (y < 0 || y >= ih) continue;
      this.#distances[used] = y * line + taps[t].dx * col;
      this.#weights[used] = t * this.#strideA;
      this.#dx[used] = taps[t].dx;
      used++;
    }
    this.#taps = used;
  }
}
