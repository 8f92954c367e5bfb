import {
  type ConvAlgorithm,
  type ConvProblem,
  type ConvProgram,
  channelVectors,
  type Frame,
  finishProgram,
  startProgram,
  unknownForm,
  type Variant,
  type Views,
  type WeightOrder,
} from "@leanconv/conv";
import { convError } from "@leanconv/core";
import {
  affine,
  type GemmProvider,
  loop,
  type Node,
  type Part,
  part,
  phase,
  type RowRange,
  type StridedPoints,
  serial,
  type TransformDescriptor,
  type WinogradTile,
} from "@leanconv/gemm";
import { type Blocks, tileGrid, winogradBlocks, winogradSlots } from "./slots.ts";
import { refusesProblem } from "./variants.ts";

/**
 * Block by block: the input transform of all channels of its tiles; then for each piece of output channels (m + 2)^2 products
 * and their output transform with bias and activation. Products follow the layout of the input: from planes vectors hold
 * tiles, in panels that the GEMM reads as they are; with channels innermost they hold channels, and pixels are pointed to.
 */
export function winogradProgram(
  algorithm: ConvAlgorithm,
  tile: WinogradTile,
  problem: ConvProblem,
  variant: Variant,
  provider: GemmProvider,
  views: Views | undefined,
): ConvProgram {
  if (variant.form !== "blocks") unknownForm(algorithm, variant);
  const { boundKib } = variant.parameters;
  if (!(boundKib > 0)) {
    const where = `${algorithm.name} ${variant.form}`;
    throw convError("argument.range", { where, what: "boundKib, a bound in KiB above 0", got: boundKib });
  }
  const planes = variant.inputLayout === "nchw";
  const weights: WeightOrder = {
    ...{ batch: ["g"], rows: ["o"], k: ["i"], transform: tile },
    // A single row is stored plain, but for this layout.
    layout: planes || problem.oc === problem.groups ? "nchw" : "nhwc",
  };
  const frame = startProgram(algorithm, problem, variant, provider, views, weights, refusesProblem(problem));
  const { p, kernels } = frame;
  const panel = provider.packedForm(frame.a.pack).panel || 1;
  const blocks = winogradBlocks(p, tile, planes, boundKib, panel, provider);
  const whole = Math.floor(blocks.tiles / blocks.size);
  const rest = blocks.tiles - whole * blocks.size;
  const build = blockBuilder(frame, tile, planes, blocks);
  const body = [loop("block", whole, build(0, blocks.size, { block: blocks.size }))];
  if (rest > 0) body.push(...build(whole * blocks.size, rest, {}));
  const nest = [loop("image", p.n, [loop("group", p.groups, body)])];
  return finishProgram(algorithm, { ...frame, kernels }, winogradSlots(blocks), nest);
}

/** Returns the maker of the two phases of a block of `count` tiles from `first` on, which moves with the counters `by`. */
function blockBuilder(
  frame: Frame,
  tile: WinogradTile,
  planes: boolean,
  blocks: Blocks,
): (first: number, count: number, by: Readonly<Record<string, number>>) => Node[] {
  const { p, x, icg, ocg, kernels } = frame;
  const { points, inputPoint, inputTile, piece } = blocks;
  const shared = { kind: "transform", dtype: "float32", tile, grid: tileGrid(p, tile) } as const;
  const input = kernels.kernel({
    ...{ ...shared, to: "points", channels: icg },
    image: { height: p.ih, width: p.iw, channel: x.c, line: x.h, col: x.w, top: -p.pt, left: -p.pl },
    points: planes
      ? { kind: "panels", point: inputPoint, depth: icg }
      : { kind: "strided", point: inputPoint, channel: 1, tile: inputTile },
  });
  return (first, count, by) => {
    const rows: RowRange = { begin: affine(first, by), count, limit: first + count + reachOf(by, blocks) };
    const lower = serial({
      ...{ kernel: input, rows },
      at: {
        source: { of: "input", ...affine(0, { image: x.n, group: icg * x.c }) },
        target: { of: "tiles", at: 0 },
      },
    });
    const pieces: Part[] = [];
    for (const [channel, channels, times] of piecesOf(ocg, piece)) {
      const { gemm, output } = pieceKernels(frame, shared, planes, blocks, channels, count);
      const at = { group: ocg, part: piece };
      pieces.push(
        part(
          times,
          {
            kernel: gemm,
            at: {
              a: { of: "weights", ...affine(0, { group: points }), m: affine(channel, { part: piece }) },
              b: { of: "tiles", at: 0 },
              c: { of: "products", at: 0 },
            },
          },
          {
            ...{ kernel: output, rows },
            at: {
              source: { of: "products", at: 0 },
              target: {
                ...{ of: "output" },
                ...affine(channel * frame.y.c, {
                  ...{ image: frame.y.n, group: ocg * frame.y.c, part: piece * frame.y.c },
                }),
              },
              ...channelVectors(p, channel, at),
            },
          },
        ),
      );
    }
    return [lower, phase(...pieces)];
  };
}

/** How far the first tile of a block moves. */
function reachOf(by: Readonly<Record<string, number>>, { tiles, size }: Blocks): number {
  return by.block === undefined ? 0 : (Math.floor(tiles / size) - 1) * size;
}

/** Runs of pieces of one size: first channel, channels of each, how many. */
function piecesOf(channels: number, piece: number): readonly (readonly [first: number, size: number, times: number])[] {
  const whole = Math.floor(channels / piece);
  const rest = channels - whole * piece;
  return [[0, piece, whole] as const, [whole * piece, rest, 1] as const].filter(([, size]) => size > 0);
}

/** The products of a piece, and their transform into the output. */
function pieceKernels(
  { p, y, icg, a, kernels }: Frame,
  shared: Pick<TransformDescriptor, "kind" | "dtype" | "tile" | "grid">,
  planes: boolean,
  { points, inputPoint, inputTile, productPoint, size, piece }: Blocks,
  channels: number,
  count: number,
): { readonly gemm: number; readonly output: number } {
  const strides: StridedPoints = planes
    ? { kind: "strided", point: productPoint, channel: size, tile: 1 }
    : { kind: "strided", point: productPoint, channel: 1, tile: piece };
  const gemm = kernels.kernel({
    ...{ kind: "gemm", dtype: "float32", m: channels, k: icg, rows: 1, cols: count, a, beta: 0 },
    b: planes ? { kind: "panels", depth: icg } : { kind: "plain", k: 1, row: 0, col: inputTile },
    c: { m: strides.channel, row: 0, col: strides.tile },
    batch: { count: points, a: 1, b: inputPoint, c: productPoint },
  });
  const output = kernels.kernel({
    ...{ ...shared, to: "image", channels, points: strides },
    image: { height: p.oh, width: p.ow, channel: y.c, line: y.h, col: y.w, top: 0, left: 0 },
    ...(p.bias && { bias: true }),
    ...(p.activation && { activation: p.activation }),
  });
  return { gemm, output };
}
