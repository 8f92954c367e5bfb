import { type GemmDescriptor, type Kernel, type KernelCall, type PatchB, shareStart } from "@leanconv/gemm";
import { clampLimits, unlimited } from "./clamp.ts";
import { panelForms, panelRows } from "./packed-form.ts";
import { type RowActivation, rowActivation } from "./row-activation.ts";
import { RowTaps } from "./row-taps.ts";

/** A product that is depthwise: many products of one row with the patch matrix of one channel. */
export type DepthwiseDescriptor = GemmDescriptor & {
  readonly b: PatchB;
  readonly batch: NonNullable<GemmDescriptor["batch"]>;
};

export function isDepthwise(descriptor: GemmDescriptor): descriptor is DepthwiseDescriptor {
  const { m, b, batch } = descriptor;
  return m === 1 && b.kind === "patch" && b.channels === 1 && batch !== undefined;
}

/**
 * Depthwise convolution, the batched GEMM with m = 1: nothing is used twice but the nine or so weights, so a panel would
 * only be a copy. Four pixels at a time are summed straight from the image, taps innermost; pixels near the border test
 * every tap.
 */
export class Depthwise implements Kernel {
  readonly #memory: Float32Array;
  readonly #descriptor: DepthwiseDescriptor;
  readonly #taps: RowTaps;
  readonly #batchA: number;
  readonly #limits: Float64Array;
  readonly #activation: RowActivation | undefined;
  readonly #columns: Int32Array;
  /** Where channels are innermost, a row of all channels is done before the next row. */
  readonly #rowsOutside: boolean;

  constructor(descriptor: DepthwiseDescriptor, memory: Float32Array) {
    const { a, b, c, cols, batch, activation } = descriptor;
    this.#memory = memory;
    this.#descriptor = descriptor;
    this.#taps = new RowTaps(b, cols, a.kind === "packed" ? panelRows(a.pack) : a.k);
    this.#batchA = batch.a * (a.kind === "packed" ? panelForms.packedForm(a.pack).batchStride : 1);
    this.#limits = clampLimits(activation) ?? unlimited;
    this.#activation = rowActivation(activation, memory);
    this.#columns = Int32Array.from({ length: cols }, (_, x) => x * c.col);
    this.#rowsOutside = Math.abs(batch.c) < Math.abs(c.col);
  }

  run(call: KernelCall): void {
    const { count } = this.#descriptor.batch;
    const rows = call.rowEnd > call.rowBegin ? call.rowEnd - call.rowBegin : 0;
    const inner = this.#rowsOutside ? count : rows;
    const end = shareStart(count * rows, call.part + 1, call.parts);
    for (let unit = shareStart(count * rows, call.part, call.parts); unit < end; unit++) {
      const slow = Math.floor(unit / inner);
      const fast = unit - slow * inner;
      if (this.#rowsOutside) this.#row(call, fast, call.rowBegin + slow);
      else this.#row(call, slow, call.rowBegin + fast);
    }
  }

  /** One row of pixels of one channel. */
  #row(call: KernelCall, index: number, row: number): void {
    const { b, c, cols, batch } = this.#descriptor;
    const taps = this.#taps;
    taps.choose(row);
    const a = call.a + index * this.#batchA;
    const image = call.b + index * batch.b;
    const line = call.c + index * batch.c + row * c.row;
    const bias = this.#descriptor.bias ? call.bias + index * (batch.bias ?? 0) : -1;
    const step = b.sw * b.col;
    let x = 0;
    for (; x < taps.low; x++) this.#borderPixel(a, image, x, line + x * c.col, bias);
    for (; x + 4 <= taps.high; x += 4) this.#fourPixels(a, image + x * step, step, line + x * c.col, c.col, bias);
    for (; x < cols; x++) this.#borderPixel(a, image, x, line + x * c.col, bias);
    this.#activation?.apply(line, this.#columns, 0, cols, call.slopes + index * (batch.slopes ?? 0));
  }

  /** Four neighbours with all taps of the row inside of the image; `s` is the first under a tap at (0, 0). */
  #fourPixels(a: number, s: number, step: number, c: number, col: number, bias: number): void {
    const memory = this.#memory;
    const { count, distances, weights } = this.#taps;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let t = 0; t < count; t++) {
      const weight = memory[a + weights[t]];
      const from = s + distances[t];
      sum0 += weight * memory[from];
      sum1 += weight * memory[from + step];
      sum2 += weight * memory[from + 2 * step];
      sum3 += weight * memory[from + 3 * step];
    }
    if (this.#descriptor.beta === 1) {
      sum0 += memory[c];
      sum1 += memory[c + col];
      sum2 += memory[c + 2 * col];
      sum3 += memory[c + 3 * col];
    }
    if (bias >= 0) {
      const add = memory[bias];
      sum0 += add;
      sum1 += add;
      sum2 += add;
      sum3 += add;
    }
    const low = this.#limits[0];
    const high = this.#limits[1];
    memory[c] = sum0 < low ? low : sum0 > high ? high : sum0;
    memory[c + col] = sum1 < low ? low : sum1 > high ? high : sum1;
    memory[c + 2 * col] = sum2 < low ? low : sum2 > high ? high : sum2;
    memory[c + 3 * col] = sum3 < low ? low : sum3 > high ? high : sum3;
  }

  /** Pixel x of the row, whose taps may lie left or right of the image. */
  #borderPixel(a: number, image: number, x: number, c: number, bias: number): void {
    const memory = this.#memory;
    const { sw, iw, col } = this.#descriptor.b;
    const { count, distances, weights, dx } = this.#taps;
    let sum = 0;
    for (let t = 0; t < count; t++) {
      const place = x * sw + dx[t];
      if (place >= 0 && place < iw) sum += memory[a + weights[t]] * memory[image + x * sw * col + distances[t]];
    }
    if (this.#descriptor.beta === 1) sum += memory[c];
    if (bias >= 0) sum += memory[bias];
    const low = this.#limits[0];
    const high = this.#limits[1];
    memory[c] = sum < low ? low : sum > high ? high : sum;
  }
}
