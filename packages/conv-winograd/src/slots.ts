import type { ConvProblem } from "@leanconv/conv";
import type { Slot } from "@leanconv/core";
import { type GemmProvider, type WinogradTile, winogradPoints } from "@leanconv/gemm";

/** Output channels whose products are held at a time, about. */
const pieceChannels = 64;
/** Floats between two points, and between two tiles of many channels, so that no distance is a power of two. No gain was measured yet. */
const gap = 16;
const manyChannels = 128;
/** Left of a bound for the provider's scratch. */
const scratchBytes = 8 << 10;

/** Lines of tiles, and tiles in a line. */
export function tileGrid(p: ConvProblem, tile: WinogradTile): readonly [rows: number, cols: number] {
  return [Math.ceil(p.oh / tile), Math.ceil(p.ow / tile)];
}

/** How the work of one group of one image is cut. Elements of slots follow from it alone. */
export interface Blocks {
  readonly tiles: number;
  /** Tiles of a block; the last one may have fewer. */
  readonly size: number;
  /** Output channels of a piece; the last one may have fewer. */
  readonly piece: number;
  readonly points: number;
  /** Distances of two points, in transformed tiles and in their products, and of two tiles with channels innermost. */
  readonly inputPoint: number;
  readonly inputTile: number;
  readonly productPoint: number;
}

/**
 * Blocks of tiles that keep the workspace of one thread within a bound, as far as one panel of tiles fits it. Blocks are
 * of nearly equal size, as are pieces of output channels, which consist of whole panels of the packed weights.
 */
export function winogradBlocks(
  p: ConvProblem,
  tile: WinogradTile,
  planes: boolean,
  boundKib: number,
  panel: number,
  provider: GemmProvider,
): Blocks {
  const points = winogradPoints(tile);
  const [rows, cols] = tileGrid(p, tile);
  const tiles = rows * cols;
  const [icg, ocg] = [p.ic / p.groups, p.oc / p.groups];
  const piece = evenly(ocg, pieceChannels, panel);
  const inputTile = planes || icg % manyChannels !== 0 ? icg : icg + gap;
  const granule = planes ? provider.capabilities.panelWidth : provider.capabilities.mr;
  const most = Math.floor(((1024 * boundKib - scratchBytes) / (4 * points) - 2 * gap) / (inputTile + piece));
  const size = evenly(tiles, Math.max(granule, most - (most % granule)), granule);
  return {
    ...{ tiles, size, piece, points, inputTile },
    inputPoint: (planes ? provider.panelElements(icg, size) : inputTile * size) + gap,
    productPoint: piece * size + gap,
  };
}

/** The largest even share of at most `most`, rounded up to `granule` and not above the total. */
function evenly(total: number, most: number, granule: number): number {
  const shares = Math.ceil(total / Math.max(most, granule));
  const share = Math.ceil(Math.ceil(total / shares) / granule) * granule;
  return Math.min(share, total);
}

/** Bytes that hold all tiles at once with the least products: no bound above it makes a difference, about. */
export function smallestBytes(p: ConvProblem, tile: WinogradTile, tiles: number): number {
  const channels = p.ic / p.groups + Math.min(p.oc / p.groups, pieceChannels);
  return 4 * winogradPoints(tile) * (channels * tiles + 2 * gap) + scratchBytes;
}

/**
 * The transformed tiles of one block, (m + 2)^2 points of ic / groups channels x size tiles (in panels: a whole number of
 * them; for each thread where threads take blocks of their own), and the products of one piece of output channels,
 * (m + 2)^2 points of piece x size, for each thread. Between two
 * points of either lie 16 elements, and between two tiles with channels innermost, if those are a multiple of 128.
 */
export function winogradSlots({ points, inputPoint, productPoint }: Blocks, apart: boolean): readonly Slot[] {
  return [
    { name: "tiles", elements: points * inputPoint - gap, ...(apart && { perThread: true }) },
    { name: "products", elements: points * productPoint - gap, perThread: true },
  ];
}
