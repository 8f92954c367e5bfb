import { type GemmDescriptor, type Kernel, type KernelCall, levelCount, shareStart } from "@leanconv/gemm";
import { activateRow, clampLimits } from "./activate-block.ts";
import { type Blocking, planBlocks } from "./blocking.ts";
import { packPlainA, panelForms } from "./pack-a.ts";
import { PatchPacker } from "./pack-patch-b.ts";
import { packPlainB } from "./pack-plain-b.ts";
import { PixelTable } from "./pixel-table.ts";
import { storeTile } from "./store-tile.ts";
import { mr, nr, tile } from "./tile.ts";

const unlimited = Float64Array.of(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);

/**
 * A GEMM of the contract by blocks: for nc columns and kc rows of B at a time, pack the block, then run the tile over
 * every panel of A and every panel of the block. These are the loops of Goto and van de Geijn (2008) in the notation of
 * BLIS, without the one around m: A comes packed once for all, and a whole column of panels of it streams through the
 * cache against a block of B that stays there.
 *
 * k is never dealt to threads, and tiles lie on a grid that does not depend on the dealing, so that any number of parts
 * gives the same bits.
 */
export class BlockedGemm implements Kernel {
  readonly #memory: Float32Array;
  readonly #descriptor: GemmDescriptor;
  readonly #kc: number;
  readonly #nc: number;
  readonly #pixels: PixelTable;
  readonly #patch: PatchPacker | undefined;
  readonly #sums = new Float64Array(mr * nr);
  readonly #limits: Float64Array;
  /** Distances in a packed A; 0 for a plain one, which is packed into scratch panel by panel. */
  readonly #panelStride: number;
  readonly #batchA: number;
  readonly #rowA: number;
  readonly #depthA: number;
  readonly #scratchA: number;

  constructor(descriptor: GemmDescriptor, memory: Float32Array, blocking: Blocking) {
    const { a, b, batch, activation } = descriptor;
    const plan = planBlocks(descriptor, blocking);
    this.#memory = memory;
    this.#descriptor = descriptor;
    this.#kc = plan.kc;
    this.#nc = plan.nc;
    this.#scratchA = plan.scratchB;
    this.#pixels = new PixelTable(descriptor, plan.nc);
    this.#patch = b.kind === "patch" && !this.#pixels.windowed ? new PatchPacker(b) : undefined;
    this.#limits = Float64Array.from(clampLimits(activation) ?? unlimited);
    const form = a.kind === "packed" ? panelForms.packedForm(a.pack) : undefined;
    const panelled = form?.kStride === mr;
    this.#panelStride = a.kind === "packed" && panelled ? mr * levelCount(a.pack.k) : 0;
    this.#batchA = (batch?.a ?? 0) * (form?.batchStride ?? 1);
    this.#rowA = a.kind === "plain" ? a.m : 0;
    this.#depthA = a.kind === "plain" ? a.k : 1;
  }

  run(call: KernelCall): void {
    const { m, batch } = this.#descriptor;
    const pixels = this.#pixels;
    pixels.begin(call.rowBegin, call.rowEnd);
    if (pixels.end <= pixels.first) return;
    // The grid of tiles starts at 0, also where the first column does not (panels are aligned to absolute columns).
    const dealRows = pixels.end < nr * call.parts && Math.ceil(m / mr) > Math.ceil(pixels.end / nr);
    const rowParts = dealRows ? call.parts : 1;
    const columnParts = dealRows ? 1 : call.parts;
    const part = call.part;
    const m0 = dealRows ? shareStart(m, part, rowParts, mr) : 0;
    const m1 = dealRows ? shareStart(m, part + 1, rowParts, mr) : m;
    const n0 = dealRows ? 0 : shareStart(pixels.end, part, columnParts, nr);
    const n1 = dealRows ? pixels.end : shareStart(pixels.end, part + 1, columnParts, nr);
    if (m0 >= m1) return;
    const count = batch === undefined ? 1 : batch.count;
    for (let index = 0; index < count; index++) {
      for (let n = n0; n < n1; n += this.#nc)
        this.#columns(call, index, m0, m1, n, n1 - n < this.#nc ? n1 : n + this.#nc);
    }
  }

  /** Columns [n0, n1) of the product number `index`, over all of k. */
  #columns(call: KernelCall, index: number, m0: number, m1: number, n0: number, n1: number): void {
    const { k, b, batch, beta } = this.#descriptor;
    this.#pixels.fill(n0, n1);
    const atB = call.b + index * (batch === undefined ? 0 : batch.b);
    let k0 = 0;
    do {
      const depth = k - k0 < this.#kc ? k - k0 : this.#kc;
      let panels = call.scratch;
      let panelStride = nr * depth;
      if (b.kind === "panels") {
        panelStride = nr * b.depth;
        panels = atB + (this.#pixels.firstPanel + n0 / nr) * panelStride + nr * k0;
      } else this.#packB(atB, k0, depth, n1 - n0, panels);
      this.#multiply(call, index, m0, m1, n1 - n0, k0, depth, panels, panelStride, beta === 1 || k0 > 0);
      k0 += depth;
    } while (k0 < k);
    if (clampLimits(this.#descriptor.activation) === undefined) this.#activate(call, index, m0, m1, n1 - n0);
  }

  #packB(atB: number, k0: number, depth: number, count: number, target: number): void {
    const { b } = this.#descriptor;
    const pixels = this.#pixels;
    if (this.#patch) {
      this.#patch.pack(this.#memory, atB, k0, depth, pixels.lines, pixels.places, count, target);
    } else if (b.kind === "plain") {
      packPlainB(this.#memory, atB + k0 * b.k, b.k, depth, pixels.sources, count, target);
    } else if (b.kind === "patch") {
      packPlainB(this.#memory, atB + k0 * b.channel, b.channel, depth, pixels.sources, count, target);
    }
  }

  /** All tiles of a block: `depth` of k from k0, `count` columns of panels. */
  #multiply(
    call: KernelCall,
    index: number,
    m0: number,
    m1: number,
    count: number,
    k0: number,
    depth: number,
    panels: number,
    panelStride: number,
    accumulate: boolean,
  ): void {
    const { k, c, batch, bias } = this.#descriptor;
    const memory = this.#memory;
    const sums = this.#sums;
    const last = k0 + depth >= k;
    const limits = last ? this.#limits : unlimited;
    const atBias = last && bias ? call.bias + index * (batch?.bias ?? 0) : -1;
    const atC = call.c + index * (batch === undefined ? 0 : batch.c);
    const atA = call.a + index * this.#batchA;
    const lead = this.#pixels.lead;
    for (let i = m0; i < m1; i += mr) {
      const rows = m1 - i < mr ? m1 - i : mr;
      let a = call.scratch + this.#scratchA;
      if (this.#panelStride > 0) a = atA + (i / mr) * this.#panelStride + mr * k0;
      else packPlainA(memory, atA + i * this.#rowA + k0 * this.#depthA, this.#rowA, this.#depthA, rows, depth, a);
      const atRow = atC + i * c.m;
      const addRow = atBias < 0 ? -1 : atBias + i;
      let b = panels;
      for (let j = 0; j < count; j += nr) {
        tile(memory, a, b, depth, rows, sums);
        const from = j < lead ? lead - j : 0;
        const to = count - j < nr ? count - j : nr;
        storeTile(memory, sums, rows, atRow, c.m, this.#pixels.targets, j, from, to, accumulate, addRow, limits);
        b += panelStride;
      }
    }
  }

  #activate(call: KernelCall, index: number, m0: number, m1: number, count: number): void {
    const { activation, c, batch } = this.#descriptor;
    if (activation === undefined) return;
    const atC = call.c + index * (batch === undefined ? 0 : batch.c);
    const slopes = call.slopes + index * (batch?.slopes ?? 0);
    const { targets, lead } = this.#pixels;
    for (let i = m0; i < m1; i++) {
      activateRow(activation, this.#memory, atC + i * c.m, targets, lead, count, slopes + i);
    }
  }
}
