import {
  ActivationRun,
  type GemmDescriptor,
  type Kernel,
  type KernelCall,
  type PatchB,
  shareStart,
} from "@leanconv/gemm";
import { addTap, addThreeTaps, slideThreeTaps } from "./add-taps.ts";
import { clampLimits, unlimited } from "./clamp.ts";
import { IntegerCall } from "./integer-call.ts";
import { panelForms, panelRows } from "./packed-form.ts";
import { type TapRun, tapRuns } from "./tap-runs.ts";

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
 * only be a copy. A row of pixels is summed straight from the image, a kernel row of three taps at a time.
 */
export class Depthwise implements Kernel {
  readonly #memory: Float32Array;
  readonly #call = new IntegerCall();
  readonly #descriptor: DepthwiseDescriptor;
  readonly #runs: readonly TapRun[];
  /** Distance of two weights and of two channels' weights. */
  readonly #weight: number;
  readonly #batchA: number;
  readonly #limits: Float64Array;
  readonly #activation: ActivationRun | undefined;
  /** Of one row; zeros before and after it. */
  readonly #sums: Float64Array;
  /** Where channels are innermost, a row of all channels is done before the next row. */
  readonly #rowsOutside: boolean;

  constructor(descriptor: DepthwiseDescriptor, memory: Float32Array) {
    const { a, b, c, cols, batch, activation } = descriptor;
    this.#memory = memory;
    this.#descriptor = descriptor;
    this.#runs = tapRuns(b, cols);
    this.#weight = a.kind === "packed" ? panelRows(a.pack) : a.k;
    this.#batchA = batch.a * (a.kind === "packed" ? panelForms.packedForm(a.pack).batchStride : 1);
    this.#limits = clampLimits(activation) ?? unlimited;
    this.#activation = activation && !clampLimits(activation) ? new ActivationRun(activation, memory) : undefined;
    this.#sums = new Float64Array(cols);
    this.#rowsOutside = Math.abs(batch.c) < Math.abs(c.col);
  }

  run(anyCall: KernelCall): void {
    const call = this.#call;
    call.set(anyCall);
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
  #row(call: IntegerCall, index: number, row: number): void {
    const { b, c, cols, batch } = this.#descriptor;
    for (let i = 0; i < this.#runs.length; i++) {
      const run = this.#runs[i];
      const y = row * b.sh + run.dy;
      if (y < 0 || y >= b.ih) continue;
      const weight = call.a + index * this.#batchA + run.first * this.#weight;
      this.#add(run, weight, call.b + index * batch.b + y * b.line + run.dx * b.col);
    }
    const line = call.c + index * batch.c + row * c.row;
    this.#store(line, this.#descriptor.bias ? call.bias + index * (batch.bias ?? 0) : -1);
    this.#activation?.apply(line, c.col, cols, call.slopes + index * (batch.slopes ?? 0), 0);
  }

  /** A run of taps onto the sums; `image` is the pixel of column 0 under its first tap. */
  #add(run: TapRun, weight: number, image: number): void {
    const memory = this.#memory;
    const sums = this.#sums;
    const { b } = this.#descriptor;
    const step = b.sw * b.col;
    const spacing = run.spacing * b.col;
    const { length, low, high } = run;
    const stride = this.#weight;
    if (length === 1) addTap(memory, sums, weight, image + low * step, step, low, high);
    else if (spacing === step) slideThreeTaps(memory, sums, weight, stride, image + low * step, step, low, high);
    else addThreeTaps(memory, sums, weight, stride, image + low * step, spacing, step, low, high);
    if (low > 0) this.#addEdge(run, weight, image, 0, low);
    if (high < this.#descriptor.cols) this.#addEdge(run, weight, image, high, this.#descriptor.cols);
  }

  /** The same for pixels [from, to), which may have some of the taps outside of the image. */
  #addEdge(run: TapRun, weight: number, image: number, from: number, to: number): void {
    const memory = this.#memory;
    const sums = this.#sums;
    const { sw, iw, col } = this.#descriptor.b;
    const { length, dx, spacing } = run;
    for (let x = from; x < to; x++) {
      let place = x * sw + dx;
      for (let t = 0; t < length; t++) {
        if (place >= 0 && place < iw) {
          sums[x] += memory[weight + t * this.#weight] * memory[image + (place - dx) * col];
        }
        place += spacing;
      }
    }
  }

  /** The sums of a row into C at `line`. */
  #store(line: number, bias: number): void {
    const memory = this.#memory;
    const sums = this.#sums;
    const { c, cols, beta } = this.#descriptor;
    const low = this.#limits[0];
    const high = this.#limits[1];
    const add = bias < 0 ? 0 : memory[bias];
    let at = line;
    for (let x = 0; x < cols; x++) {
      const sum = (beta === 1 ? sums[x] + memory[at] : sums[x]) + add;
      memory[at] = sum < low ? low : sum > high ? high : sum;
      sums[x] = 0;
      at += c.col;
    }
  }
}
