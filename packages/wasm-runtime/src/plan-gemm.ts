import { type GemmDescriptor, levelCount, type PatchB, type Tap } from "@leanconv/gemm";
import { formOf } from "./forms.ts";
import type { Tile } from "./tile.ts";

/** Depth of a block where pixels are lowered or A is plain. Deeper blocks update C less often and take more scratch. */
const blockDepth = 512;
/** Elements of a packed block of B, in planes; the pixels that it has where k is deep, and the most. */
const blockFloats = 32768;
const widePixels = 128;
const mostPixels = 512;
/** Bytes of a table of pixel addresses, and the most pixels in one. */
const tableBytes = 16 << 10;
const tablePixels = 96;
/** Maps of up to so many pixels are one block, since their weights are large and should pass once. */
const smallMapPixels = 204;
/** With fewer channels a tap is too short for a pointer of its own: the taps of a kernel row become one run. */
const shortestTap = 8;

/** Which loops compute a GEMM, in which blocks, with how much scratch. Pure. */
export interface GemmPlan {
  readonly path: "planes" | "pixels" | "depthwise-planes" | "depthwise-pixels";
  readonly kc: number;
  readonly nc: number;
  /** Taps of a patch that are read as one run of a row of pixels; 0 where pixels are lowered to [pixel][k] first. */
  readonly run: number;
  /** Depthwise by 3x3 neighbours at stride 1 or 2, which has loops of its own. */
  readonly sliding: boolean;
  readonly scratchBytes: number;
}

export function planGemm(descriptor: GemmDescriptor, tile: Tile): GemmPlan {
  const depthwise = depthwisePath(descriptor, tile);
  if (depthwise) return planDepthwise(descriptor, depthwise);
  return contiguousChannels(descriptor) ? planPixels(descriptor, tile) : planPlanes(descriptor, tile);
}

function contiguousChannels({ a, c }: GemmDescriptor): boolean {
  if (a.kind === "packed" && levelCount(a.pack.rows) > 1) return a.pack.layout === "nhwc";
  return c.m === 1 && c.col !== 1;
}

function planPlanes({ a, b, k, rows, cols }: GemmDescriptor, tile: Tile): GemmPlan {
  const { mr, nr } = tile;
  const panelsOf = (pixels: number): number => Math.ceil(pixels / nr) * nr;
  // Weights are read once for every block of pixels, results once for every block of k.
  const kc = balanced(k, Math.floor(blockFloats / Math.min(widePixels, panelsOf(rows * cols))));
  const nc = panelsOf(
    balanced(rows * cols, Math.min(mostPixels, Math.max(nr, Math.floor(blockFloats / kc / nr) * nr))),
  );
  const plainA = isPlain(a, tile) ? mr * kc : 0;
  const packedB = b.kind === "panels" ? 0 : nc * kc;
  return { path: "planes", kc, nc, run: 0, sliding: false, scratchBytes: 4 * (mr * nr + plainA + packedB) };
}

function planPixels({ a, b, k, rows, cols }: GemmDescriptor, tile: Tile): GemmPlan {
  const { mr, nr } = tile;
  const run = b.kind === "patch" ? runOf(b) : 1;
  const direct = b.kind === "patch" && run > 0;
  const plainA = isPlain(a, tile);
  const pointers = direct ? b.taps.length / run : 1;
  const kc = run === 0 || (plainA && !direct) ? balanced(k, blockDepth) : k;
  const most = run !== 1 ? 8 * mr : rows * cols <= smallMapPixels ? smallMapPixels : tablePixels;
  const widest = mr * Math.max(1, Math.floor(Math.min(most, tableBytes / (4 * pointers)) / mr));
  const nc = mr * Math.ceil(balanced(rows * cols, widest) / mr);
  const copied = direct ? run * b.channels + copiedPixels(b, run, Math.min(nc, rows * cols), cols) * k : 0;
  const words = mr * nr + mr + nc + nc * pointers + (plainA ? nr * kc : 0) + (run === 0 ? nc * kc : copied);
  return { path: "pixels", kc, nc, run, sliding: false, scratchBytes: 4 * words };
}

/** How many taps lie beside each other, pixel after pixel without a gap, in every group of as many. */
function runOf({ channel, channels, col, taps }: PatchB): number {
  if (channel !== 1) return 0;
  if (channels >= shortestTap) return 1;
  const end = taps.findIndex(({ dy, dx }, i) => i > 0 && (dy !== taps[i - 1].dy || dx !== taps[i - 1].dx + 1));
  const run = end < 0 ? taps.length : end;
  const whole = taps.length % run === 0 && col === channels;
  const follows = ({ dy, dx }: Tap, i: number): boolean => {
    const { dy: y, dx: x } = taps[i - (i % run)];
    return dy === y && dx === x + (i % run);
  };
  return whole && taps.every(follows) ? run : 0;
}

/** The most pixels among `count` neighbours whose runs reach over the left or the right border of the image. */
function copiedPixels({ taps, sw, iw }: PatchB, run: number, count: number, cols: number): number {
  if (run === 1 || count === 0) return 0;
  const left = Math.min(...taps.map(({ dx }) => dx));
  const right = Math.max(...taps.map(({ dx }) => dx));
  const clip = (x: number): number => Math.min(Math.max(x, 0), cols);
  const inside = clip(Math.floor((iw - 1 - right) / sw) + 1) - clip(Math.ceil(-left / sw));
  const perRow = cols - Math.max(0, inside);
  return Math.min(count, perRow * (Math.floor((count - 2 + cols) / cols) + 1));
}

function isPlain(a: GemmDescriptor["a"], tile: Tile): boolean {
  return a.kind === "plain" || formOf(a.pack, tile).panel === 0;
}

/** Blocks of nearly equal size, none larger than `most`. */
function balanced(total: number, most: number): number {
  return Math.max(1, Math.ceil(total / Math.max(1, Math.ceil(total / most))));
}

function depthwisePath({ a, b, c, m, batch }: GemmDescriptor, tile: Tile): GemmPlan["path"] | undefined {
  if (m !== 1 || b.kind !== "patch" || b.channels !== 1 || batch === undefined || batch.count < 2) return undefined;
  if (a.kind === "plain") return "depthwise-planes";
  const { panel, batchStride } = formOf(a.pack, tile);
  if (panel !== 0) return undefined;
  const neighbours = [batchStride * batch.a, batch.b, batch.c, batch.bias ?? 1, batch.slopes ?? 1];
  return neighbours.every((distance) => distance === 1) && c.col !== 1 ? "depthwise-pixels" : "depthwise-planes";
}

function planDepthwise(descriptor: GemmDescriptor, path: GemmPlan["path"]): GemmPlan {
  const sliding = path === "depthwise-planes" ? slidesOverPlanes(descriptor) : slidesOverPixels(descriptor);
  const scratchBytes = depthwiseScratch(descriptor, path, sliding);
  return { path, kc: 0, nc: 0, run: 0, sliding, scratchBytes };
}

/**
 * Whether the loops over blocks of four outputs serve a product of planes: at most one column of zeros at either end of
 * a row (at stride 2 at its start alone), and not both in one block.
 */
function slidesOverPlanes({ b, c, beta, cols }: GemmDescriptor): boolean {
  if (b.kind !== "patch" || b.col !== 1 || c.col !== 1 || beta !== 0 || cols < 4 || !areNeighbours(b)) return false;
  if (b.sh !== b.sw) return false;
  const before = -b.taps[0].dx;
  const behind = (cols - 1) * b.sw + b.taps[8].dx - (b.iw - 1);
  return before <= 1 && behind <= (b.sw === 1 ? 1 : 0) && !(cols === 4 && before > 0 && behind > 0);
}

/** Whether the loops along rows of four channels serve a product of pixels: rows in pairs at stride 1, else one by one. */
function slidesOverPixels({ b, beta }: GemmDescriptor): boolean {
  return b.kind === "patch" && beta === 0 && areNeighbours(b) && (b.sw === 2 || b.sh === 1);
}

/** 3x3 taps next to each other, at a stride that vectors can follow. */
function areNeighbours({ taps, sw }: PatchB): boolean {
  const [{ dy, dx }] = taps;
  const isInPlace = (tap: Tap, i: number): boolean => tap.dy === dy + Math.floor(i / 3) && tap.dx === dx + (i % 3);
  return taps.length === 9 && (sw === 1 || sw === 2) && taps.every(isInPlace);
}

/**
 * Pixels: a vector of zeros and one for unwanted outputs. Planes: a line of zeros; for other kernels also a ring of
 * padded lines as high as the kernel, and a vector.
 */
function depthwiseScratch({ b, cols }: GemmDescriptor, path: GemmPlan["path"], sliding: boolean): number {
  if (b.kind !== "patch") return 0;
  if (path === "depthwise-pixels") return sliding ? 32 : 0;
  if (sliding) return 64;
  const reach = (values: readonly number[]): number => Math.max(...values) - Math.min(...values) + 1;
  const lines = reach(b.taps.map(({ dy }) => dy)) + 1;
  const length = Math.ceil(cols / 4) * 4 * b.sw + reach(b.taps.map(({ dx }) => dx)) + 8;
  return 4 * (lines * length + 4);
}
