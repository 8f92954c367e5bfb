import { ActivationRun, type GemmDescriptor, type Kernel, type KernelCall, shareStart } from "@leanconv/gemm";
import { type Blocking, planBlocks } from "./blocking.ts";
import { clampLimits, unlimited } from "./clamp.ts";
import { IntegerCall } from "./integer-call.ts";
import { OperandA } from "./operand-a.ts";
import { OperandB } from "./operand-b.ts";
import { PixelTable } from "./pixel-table.ts";
import { storeTile, type TileTarget } from "./store-tile.ts";
import { mr, nr, tile } from "./tile.ts";

/**
 * A GEMM of the contract by blocks: for nc columns and kc rows of B at a time, pack the block, then run the tile over
 * every panel of A and every panel of the block. These are the loops of Goto and van de Geijn (2008) as BLIS counts them,
 * but for the one that blocks m: A is packed before, and streams through the cache against a block of B that stays
 * there.
 *
 * k is never dealt to threads, and tiles lie on a grid that does not depend on the dealing, so that any number of parts
 * gives the same bits.
 */
export class BlockedGemm implements Kernel {
  readonly #memory: Float32Array;
  readonly #call = new IntegerCall();
  readonly #m: number;
  readonly #k: number;
  readonly #kc: number;
  readonly #nc: number;
  readonly #accumulate: boolean;
  readonly #a: OperandA;
  readonly #b: OperandB;
  readonly #pixels: PixelTable;
  readonly #target: TileTarget;
  readonly #sums = new Float64Array(mr * nr);
  readonly #limits: Float64Array;
  readonly #bias: boolean;
  readonly #activation: ActivationRun | undefined;
  readonly #count: number;
  readonly #batchC: number;
  readonly #batchBias: number;
  readonly #batchSlopes: number;

  constructor(descriptor: GemmDescriptor, memory: Float32Array, blocking: Blocking) {
    const { m, k, c, batch, beta, bias, activation } = descriptor;
    const { kc, nc, scratchB } = planBlocks(descriptor, blocking);
    this.#memory = memory;
    // Sizes and distances may be doubles in a descriptor, too (see IntegerCall).
    this.#m = m | 0;
    this.#k = k | 0;
    this.#kc = kc;
    this.#nc = nc;
    this.#accumulate = beta === 1;
    this.#pixels = new PixelTable(descriptor, nc);
    this.#a = new OperandA(descriptor, memory, scratchB);
    this.#b = new OperandB(descriptor, memory, this.#pixels);
    this.#target = { row: c.m | 0, columns: this.#pixels.targets };
    this.#limits = clampLimits(activation) ?? unlimited;
    this.#bias = bias === true;
    this.#activation = activation && !clampLimits(activation) ? new ActivationRun(activation, memory) : undefined;
    this.#count = (batch?.count ?? 1) | 0;
    this.#batchC = (batch?.c ?? 0) | 0;
    this.#batchBias = (batch?.bias ?? 0) | 0;
    this.#batchSlopes = (batch?.slopes ?? 0) | 0;
  }

  run(anyCall: KernelCall): void {
    const call = this.#call;
    call.set(anyCall);
    const { part, parts } = call;
    const pixels = this.#pixels;
    pixels.begin(call.rowBegin, call.rowEnd);
    const { end } = pixels;
    if (end <= pixels.first) return;
    // With fewer tiles along n than parts, rows of tiles are dealt.
    const dealRows = end <= nr * (parts - 1) && this.#m > end;
    const m0 = dealRows ? shareStart(this.#m, part, parts, mr) | 0 : 0;
    const m1 = dealRows ? shareStart(this.#m, part + 1, parts, mr) | 0 : this.#m;
    const n0 = dealRows ? 0 : shareStart(end, part, parts, nr) | 0;
    const n1 = dealRows ? end : shareStart(end, part + 1, parts, nr) | 0;
    if (m0 >= m1) return;
    for (let index = 0; index < this.#count; index++) {
      for (let n = n0; n < n1; n += this.#nc) {
        this.#block(call, index, m0, m1, n, n1 - n < this.#nc ? n1 - n : this.#nc);
      }
    }
  }

  /** Rows [m0, m1) and `count` columns from n0 of the product number `index`, over all of k. */
  #block(call: IntegerCall, index: number, m0: number, m1: number, n0: number, count: number): void {
    this.#pixels.fill(n0, count);
    let k0 = 0;
    do {
      const depth = this.#k - k0 < this.#kc ? this.#k - k0 : this.#kc;
      const panels = this.#b.block(call, index, n0, count, k0, depth);
      this.#multiply(call, index, m0, m1, count, k0, depth, panels);
      k0 += depth;
    } while (k0 < this.#k);
    if (this.#activation !== undefined) this.#activate(this.#activation, call, index, m0, m1, count);
  }

  /** The activation on a finished block, pixel row by pixel row. */
  #activate(activation: ActivationRun, call: IntegerCall, index: number, m0: number, m1: number, count: number): void {
    const { targets, lead, step, width } = this.#pixels;
    const c = call.c + index * this.#batchC;
    const slopes = call.slopes + index * this.#batchSlopes;
    let length = this.#pixels.firstRow;
    for (let j = lead; j < count; j += length, length = width) {
      if (length > count - j) length = count - j;
      for (let i = m0; i < m1; i++) {
        activation.apply(c + i * this.#target.row + targets[j], step, length, slopes + i, 0);
      }
    }
  }

  /** All tiles of a block of B in `panels`. */
  #multiply(
    call: IntegerCall,
    index: number,
    m0: number,
    m1: number,
    count: number,
    k0: number,
    depth: number,
    panels: number,
  ): void {
    const memory = this.#memory;
    const sums = this.#sums;
    const target = this.#target;
    const last = k0 + depth >= this.#k;
    const limits = last ? this.#limits : unlimited;
    const bias = last && this.#bias ? call.bias + index * this.#batchBias : -1;
    const c = call.c + index * this.#batchC;
    const accumulate = this.#accumulate || k0 > 0;
    const panelStride = this.#b.panelStride(depth);
    const { lead } = this.#pixels;
    for (let i = m0; i < m1; i += mr) {
      const rows = m1 - i < mr ? m1 - i : mr;
      const a = this.#a.panel(call, index, i, rows, k0, depth);
      const add = bias < 0 ? -1 : bias + i;
      let b = panels;
      for (let j = 0; j < count; j += nr) {
        tile(memory, a, b, depth, rows, sums);
        const from = j < lead ? lead - j : 0;
        const to = count - j < nr ? count - j : nr;
        storeTile(memory, sums, target, rows, c + i * target.row, j, from, to, accumulate, add, limits);
        b += panelStride;
      }
    }
  }
}
