import { roundUp } from "@leanconv/core";
import { type GemmDescriptor, type Kernel, type KernelCall, shareStart } from "@leanconv/gemm";
import { moverWords, type StripExports } from "@leanconv/wasm-kernels";
import { encodeActivation, encodeMover, type ThreadKernels, type Words } from "@leanconv/wasm-runtime";
import type { Sgemm } from "../library/sgemm.ts";
import type { Addresses } from "./addresses.ts";
import { type Block, type LowerBlock, lowerByMover, lowerRuns } from "./lower-block.ts";
import type { LibraryProduct } from "./plan-product.ts";

/** Words of the activation at the start of a table; the mover's follow. */
const activationWords = 5;
/** A copy of the mover's table, in the scratch of every thread. */
const moverBytes: number = roundUp(4 * moverWords, 64);

/** Scratch of a thread: the mover's table and the strip. */
export function productScratchBytes({ source, stripElements }: LibraryProduct): number {
  return source.kind === "strip" ? moverBytes + 4 * stripElements : 0;
}

export const productTableWords: number = activationWords + moverWords;

/** The table of a product: how it ends, and how its strips are lowered. */
export function encodeProduct({ activation }: GemmDescriptor, { source }: LibraryProduct): readonly Words[] {
  const strip = source.kind === "strip" && source.lowering.by === "mover" ? [encodeMover(source.lowering.mover)] : [];
  return [encodeActivation(activation), ...strip];
}

/** What one thread computes a heap's products with. */
export interface ThreadLibrary {
  readonly sgemm: Sgemm;
  readonly addresses: Addresses;
  readonly strips: StripExports;
}

/**
 * A product in calls of the library: for every batch, block of pixels and block of channels one (several where the rows
 * of C lie apart), each finished by the wasm kernels while C is in the cache. Parts of a call are runs of whole blocks,
 * so that any number of them makes the same calls. Allocates nothing when it runs.
 */
export class ProductKernel implements Kernel {
  readonly table: number;
  readonly #descriptor: GemmDescriptor;
  readonly #plan: LibraryProduct;
  readonly #kernels: ThreadKernels;
  readonly #library: ThreadLibrary;
  readonly #lower: LowerBlock | undefined;
  readonly #block: Block = { row: 0, col: 0, rows: 0, cols: 0 };
  /** Distances of C's and B's lines and pixels. */
  readonly #row: number;
  readonly #col: number;
  // What the block being computed has: fields instead of arguments, since there are many of them.
  #a = 0;
  #b = 0;
  #c = 0;
  #bias = 0;
  #slopes = 0;
  #channels = 0;

  constructor(
    descriptor: GemmDescriptor,
    plan: LibraryProduct,
    table: number,
    kernels: ThreadKernels,
    library: ThreadLibrary,
  ) {
    const { b } = descriptor;
    const { source } = plan;
    this.table = table;
    this.#descriptor = descriptor;
    this.#plan = plan;
    this.#kernels = kernels;
    this.#library = library;
    if (source.kind === "strip" && b.kind === "patch") {
      const { lowering } = source;
      const words = new Int32Array(kernels.float32.buffer);
      this.#lower =
        lowering.by === "runs"
          ? lowerRuns(lowering, b, descriptor.k, library.strips)
          : lowerByMover(lowering, b, table / 4 + activationWords, words, kernels.wasm.kernels);
    }
    this.#row = source.kind === "tensor" ? source.row : 0;
    this.#col = source.kind === "tensor" ? source.col : 0;
  }

  run(call: KernelCall): void {
    if (this.#plan.source.kind === "strip") this.#strips(call);
    else this.#pixels(call, this.#plan.source.window?.y0 ?? 0, this.#plan.source.window?.y1 ?? this.#descriptor.rows);
  }

  /** Products that read their pixels where they lie. */
  #pixels(call: KernelCall, y0: number, y1: number): void {
    const { flat, blockCols, blockChannels, epilogue, source } = this.#plan;
    const { m, cols, c } = this.#descriptor;
    const window = source.kind === "tensor" ? source.window : undefined;
    // Lines outside of the window have nothing to add, but may have to be finished.
    const first = epilogue ? call.rowBegin : Math.max(call.rowBegin, y0);
    const end = epilogue ? call.rowEnd : Math.min(call.rowEnd, y1);
    const rows = Math.max(0, end - first);
    if (rows === 0 || m === 0 || cols === 0) return;
    const lines = flat ? 1 : rows;
    const line = flat ? rows * cols : cols;
    const across = Math.ceil(line / blockCols);
    const down = Math.ceil(m / blockChannels);
    const units = (this.#descriptor.batch?.count ?? 1) * lines * across * down;
    const last = shareStart(units, call.part + 1, call.parts);
    for (let unit = shareStart(units, call.part, call.parts); unit < last; unit++) {
      let rest = unit;
      const channel = (rest % down) * blockChannels;
      rest = Math.floor(rest / down);
      const x = (rest % across) * blockCols;
      rest = Math.floor(rest / across);
      const y = first + (rest % lines);
      this.#place(call, Math.floor(rest / lines), channel);
      const width = Math.min(blockCols, line - x);
      this.#c += y * c.row;
      const left = window === undefined || flat ? x : Math.max(x, window.x0);
      const right = window === undefined || flat ? x + width : Math.min(x + width, window.x1);
      if (right > left && y < y1 && (flat || y >= y0)) {
        this.#multiply(this.#b + (window?.from ?? 0) + y * this.#row + left * this.#col, left, right - left);
      }
      if (epilogue) this.#finish(x, width);
    }
  }

  /** Products of patches, strip by strip. */
  #strips(call: KernelCall): void {
    const { flat, blockRows, blockCols, blockChannels, epilogue } = this.#plan;
    const { m, cols, c, b } = this.#descriptor;
    const rows = Math.max(0, call.rowEnd - call.rowBegin);
    if (rows === 0 || m === 0 || cols === 0 || b.kind !== "patch") return;
    const lines = Math.ceil(rows / blockRows);
    const across = Math.ceil(cols / blockCols);
    const down = Math.ceil(m / blockChannels);
    const units = (this.#descriptor.batch?.count ?? 1) * lines * across * down;
    const last = shareStart(units, call.part + 1, call.parts);
    const strip = call.scratch + moverBytes / 4;
    const pixelStride = this.#plan.flipped ? this.#plan.b.ld : 1;
    let lowered = -1;
    for (let unit = shareStart(units, call.part, call.parts); unit < last; unit++) {
      const block = Math.floor(unit / down);
      const x = (block % across) * blockCols;
      const nest = Math.floor(block / across);
      const top = (nest % lines) * blockRows;
      const y = call.rowBegin + top;
      const height = Math.min(blockRows, rows - top);
      const width = Math.min(blockCols, cols - x);
      this.#place(call, Math.floor(nest / lines), (unit % down) * blockChannels);
      if (block !== lowered) this.#lowerBlock(call.scratch, strip, y, x, height, width);
      lowered = block;
      this.#c += y * c.row;
      const each = flat ? height * width : width;
      for (let row = 0; row < (flat ? 1 : height); row++) {
        this.#multiply(strip + row * width * pixelStride, x, each);
        if (epilogue) this.#finish(x, each);
        this.#c += c.row;
      }
    }
  }

  #lowerBlock(scratch: number, strip: number, row: number, col: number, rows: number, cols: number): void {
    const block = this.#block;
    block.row = row;
    block.col = col;
    block.rows = rows;
    block.cols = cols;
    this.#lower?.(this.#b, scratch, strip, block);
  }

  /** Where a batch and a block of channels begin. */
  #place(call: KernelCall, index: number, channel: number): void {
    const { m, c, batch } = this.#descriptor;
    const { blockChannels, batchA, aM } = this.#plan;
    this.#a = call.a + index * batchA + channel * aM;
    this.#b = call.b + index * (batch?.b ?? 0);
    this.#c = call.c + index * (batch?.c ?? 0) + channel * c.m;
    this.#bias = call.bias + index * (batch?.bias ?? 0) + channel;
    this.#slopes = call.slopes + index * (batch?.slopes ?? 0) + channel;
    this.#channels = Math.min(blockChannels, m - channel);
  }

  /** `n` pixels whose first lies at element `from`, to column `x` of C's line. */
  #multiply(from: number, x: number, n: number): void {
    const { flipped, a, b, ldc } = this.#plan;
    const { k, beta, c } = this.#descriptor;
    const { sgemm, addresses } = this.#library;
    const left = addresses.at(this.#a);
    const right = addresses.at(from);
    const target = addresses.at(this.#c + x * c.col);
    if (flipped) sgemm(b.transposed, a.transposed, n, this.#channels, k, right, b.ld, left, a.ld, beta, target, ldc);
    else sgemm(a.transposed, b.transposed, this.#channels, n, k, left, a.ld, right, b.ld, beta, target, ldc);
  }

  #finish(x: number, n: number): void {
    const { bias, activation, c } = this.#descriptor;
    const slopes = activation === undefined ? 0 : 4 * this.#slopes;
    const at = 4 * (this.#c + x * c.col);
    const { strips } = this.#library;
    strips.finish(this.table, at, bias ? 4 * this.#bias : 0, slopes, this.#channels, n, 4 * c.m, 4 * c.col);
  }
}
