import { type GemmDescriptor, levelCount, type PatchB } from "@leanconv/gemm";
import type { Tile } from "@leanconv/wasm-runtime";
import { type Lowering, planLowering } from "./plan-lowering.ts";
import { type Stored, stored } from "./stored.ts";

/** What a plan depends on besides the descriptor: the wasm kernels' tile, the library and the provider's threads. */
export interface ProductRules {
  readonly tile: Tile;
  readonly threads: number;
  /** Fewer pixels than this in one product cost the library too much: it packs the weights in every call. */
  readonly fewestPixels: number;
}

/** The product as calls of the library, in blocks that do not depend on how many parts a call has. */
export interface LibraryProduct {
  readonly by: "library";
  /** C' = B' A' is computed: in C channels are innermost. */
  readonly flipped: boolean;
  /** A, or A' where it is flipped. */
  readonly a: Stored;
  readonly aM: number;
  /** B, or B' where it is flipped: of the tensor, or of a lowered strip. */
  readonly b: Stored;
  readonly ldc: number;
  /** Elements between batches of A. */
  readonly batchA: number;
  /** The pixels of the tensor itself, those of a tap's window line by line, or a strip lowered into scratch. */
  readonly source: PixelSource;
  /** All rows of a call are one line of pixels, in B and in C. */
  readonly flat: boolean;
  /** Lines in a strip; 1 for the others. */
  readonly blockRows: number;
  /** The most pixels of a line in one block. */
  readonly blockCols: number;
  readonly blockChannels: number;
  readonly epilogue: boolean;
  /** Of the strip. */
  readonly stripElements: number;
}

export type PixelSource =
  | { readonly kind: "tensor"; readonly row: number; readonly col: number; readonly window?: Window }
  | { readonly kind: "strip"; readonly lowering: Lowering };

/** The rows and columns of the output at which a lone tap meets the image, and where its first pixel lies. */
export interface Window {
  readonly y0: number;
  readonly y1: number;
  readonly x0: number;
  readonly x1: number;
  readonly from: number;
}

/** The wasm kernels compute it: BLAS cannot say it, or would be slower. The descriptor has A as it lies. */
export interface WasmProduct {
  readonly by: "wasm";
  readonly descriptor: GemmDescriptor;
}

export type ProductPlan = LibraryProduct | WasmProduct;

/** Of C and B together, so that an epilogue finds C in the second-level cache. */
const epilogueBytes = 512 << 10;
/** A strip of a patch matrix: half of a common second-level cache. */
const stripBytes = 1 << 20;
/** With few channels the epilogue weighs more than the calls. */
const thinStripBytes = 256 << 10;
const thinDepth = 64;
/** No strip is larger, however few pixels it has: lines wider than that are cut. */
const mostStripBytes = 4 << 20;
/** Blocks are multiples of this, which divides into the registers of AVX2 and AVX-512 kernels. */
const grain = 16;

/** How a GEMM is computed. Pure. */
export function planProduct(descriptor: GemmDescriptor, rules: ProductRules): ProductPlan {
  return planLibrary(descriptor, rules) ?? { by: "wasm", descriptor: withPlainA(descriptor) };
}

function planLibrary(descriptor: GemmDescriptor, rules: ProductRules): LibraryProduct | undefined {
  const { a, b, c, m, k, rows, cols, batch } = descriptor;
  if (a.kind === "packed" && levelCount(a.pack.rows) === 1) return undefined;
  // Panels are those of the wasm kernels. An empty sum is a matter of beta, which libraries treat in their own ways.
  if (b.kind === "panels" || k === 0) return undefined;
  // A call for every group of a few channels costs more than it computes.
  if (batch !== undefined && batch.count > 1 && m < 4) return undefined;
  const together = rows <= 1 || c.row === cols * c.col ? stored(m, rows * cols, c.m, c.col) : undefined;
  const target = together ?? stored(m, cols, c.m, c.col);
  if (target === undefined) return undefined;
  const flipped = target.transposed;
  const [aM, aK] = a.kind === "plain" ? [a.m, a.k] : [1, levelCount(a.pack.rows)];
  const left = flipped ? stored(k, m, aK, aM) : stored(m, k, aM, aK);
  if (left === undefined) return undefined;
  const batchA = (batch?.a ?? 0) * (a.kind === "plain" ? 1 : levelCount(a.pack.rows) * levelCount(a.pack.k));
  const common = { by: "library", flipped, a: left, aM, ldc: target.ld, batchA } as const;
  const epilogue = descriptor.bias === true || descriptor.activation !== undefined;
  const direct = pixelsOf(descriptor, flipped, epilogue, together !== undefined);
  if (direct !== undefined) {
    const { source, matrix, flat } = direct;
    const line = flat ? rows * cols : cols;
    const most = epilogue ? Math.max(rules.fewestPixels, Math.floor(epilogueBytes / (4 * (m + k)))) : line;
    const lines = flat ? 1 : rows;
    const cut = shareOut(lines, line, Math.min(line, most), m, rules);
    return { ...common, source, b: matrix, flat, ...cut, blockRows: 1, epilogue, stripElements: 0 };
  }
  if (b.kind !== "patch") return undefined;
  return planStrip(descriptor, common, b, { epilogue, together: together !== undefined }, rules);
}

/** B as the library can read it where it lies: a plain operand, or a lone tap whose pixels are all there or may be left out. */
function pixelsOf(
  { b, k, rows, cols, beta }: GemmDescriptor,
  flipped: boolean,
  epilogue: boolean,
  together: boolean,
): { source: PixelSource; matrix: Stored; flat: boolean } | undefined {
  if (b.kind === "panels") return undefined;
  const isPatch = b.kind === "patch";
  if (isPatch && b.taps.length !== 1) return undefined;
  const [stride, row, col] = isPatch ? [b.channel, b.sh * b.line, b.sw * b.col] : [b.k, b.row, b.col];
  const window = isPatch ? windowOf(b, rows, cols) : undefined;
  const whole = window === undefined || (window.y0 === 0 && window.y1 === rows && coversLines(window, cols));
  if (!whole && beta === 0) return undefined;
  const dense = together && (rows <= 1 || row === cols * col);
  const flat = dense && (window === undefined || (coversLines(window, cols) && (whole || !epilogue)));
  const n = flat ? rows * cols : cols;
  const matrix = flipped ? stored(n, k, col, stride) : stored(k, n, stride, col);
  if (matrix === undefined) return undefined;
  return { source: { kind: "tensor", row, col, ...(window && { window }) }, matrix, flat };
}

function coversLines({ x0, x1 }: Window, cols: number): boolean {
  return x0 === 0 && x1 === cols;
}

function windowOf({ taps, ih, iw, sh, sw, line, col }: PatchB, rows: number, cols: number): Window {
  const [{ dy, dx }] = taps;
  const y0 = Math.min(rows, Math.max(0, Math.ceil(-dy / sh)));
  const x0 = Math.min(cols, Math.max(0, Math.ceil(-dx / sw)));
  const y1 = Math.max(y0, Math.min(rows, Math.floor((ih - 1 - dy) / sh) + 1));
  const x1 = Math.max(x0, Math.min(cols, Math.floor((iw - 1 - dx) / sw) + 1));
  return { y0, y1, x0, x1, from: dy * line + dx * col };
}

/** Blocks of a product: as many as there are threads, by pixels where there are enough of them, else by channels. */
function shareOut(
  lines: number,
  line: number,
  mostCols: number,
  m: number,
  { threads, fewestPixels }: ProductRules,
): { blockCols: number; blockChannels: number } {
  const cols = Math.max(1, mostCols);
  if (threads === 1 || lines >= threads) return { blockCols: cols, blockChannels: m };
  if (line >= threads * fewestPixels) {
    return { blockCols: Math.min(cols, upTo(Math.ceil(line / threads), grain)), blockChannels: m };
  }
  return { blockCols: cols, blockChannels: upTo(Math.ceil(m / threads), grain) };
}

function planStrip(
  { m, k, rows, cols }: GemmDescriptor,
  common: Pick<LibraryProduct, "by" | "flipped" | "a" | "aM" | "ldc" | "batchA">,
  patch: PatchB,
  { epilogue, together }: { readonly epilogue: boolean; readonly together: boolean },
  rules: ProductRules,
): LibraryProduct {
  const { threads, fewestPixels } = rules;
  const wanted = k < thinDepth ? thinStripBytes : stripBytes;
  const pixels = Math.max(Math.floor(wanted / (4 * k)), fewestPixels, 1);
  const most = Math.max(grain, Math.floor(mostStripBytes / (4 * k)));
  const byThread = rows * cols >= threads * fewestPixels ? Math.ceil(rows / threads) : rows;
  const highest = Math.max(1, Math.min(byThread, Math.ceil(pixels / Math.max(1, cols))));
  const blockRows = cols * highest <= most ? balanced(rows, highest) : balanced(rows, Math.floor(most / cols) || 1);
  const blockCols = blockRows === 1 && cols > most ? upTo(balanced(cols, most - (most % grain)), grain) : cols;
  const width = blockRows * blockCols;
  const blocks = Math.ceil(rows / blockRows) * Math.ceil(cols / Math.max(1, blockCols));
  const blockChannels = blocks >= threads ? m : upTo(Math.ceil(m / threads), grain);
  const lowering = planLowering(patch, common.flipped, k, width, cols);
  return {
    ...common,
    source: { kind: "strip", lowering },
    b: { transposed: false, ld: common.flipped ? k : width },
    // Pixels of a strip follow each other; those of C may not.
    flat: together && blockCols === cols,
    ...{ blockRows, blockCols, blockChannels, epilogue, stripElements: k * width },
  };
}

/** The height of nearly equal blocks, none higher than `most`. */
function balanced(total: number, most: number): number {
  return Math.max(1, Math.ceil(total / Math.max(1, Math.ceil(total / most))));
}

function upTo(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** The same product with A as strides, which the wasm kernels read wherever it lies. */
function withPlainA(descriptor: GemmDescriptor): GemmDescriptor {
  const { a, batch } = descriptor;
  if (a.kind === "plain") return descriptor;
  const rows = levelCount(a.pack.rows);
  if (rows === 1) return descriptor;
  return {
    ...descriptor,
    a: { kind: "plain", m: 1, k: rows },
    ...(batch && { batch: { ...batch, a: batch.a * rows * levelCount(a.pack.k) } }),
  };
}
