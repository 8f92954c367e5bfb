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
  part,
  phase,
  type RowRange,
  type Step,
  type StridedPoints,
  serial,
  type TransformDescriptor,
  type WinogradTile,
} from "@leanconv/gemm";
import { type Blocks, tileGrid, winogradBlocks, winogradSlots } from "./slots.ts";
import { refusesProblem } from "./variants.ts";

/**
 * Block by block: the input transform of all channels of its tiles; then for each piece of output channels (m + 2)^2 products
 * and their output transform with bias and activation. Threads share the pieces or, where weights are few and blocks many,
 * take blocks of their own. Products follow the layout of the input: from planes vectors hold
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
  const apart = blocksApart(whole, blocks.points * frame.icg * frame.ocg);
  const build = blockBuilder(frame, tile, planes, blocks);
  const body = apart ? [eachApart(build, blocks, whole, rest)] : inTurns(build, blocks, whole, rest);
  const nest = [loop("image", p.n, [loop("group", p.groups, body)])];
  return finishProgram(algorithm, { ...frame, kernels }, winogradSlots(blocks, apart), nest);
}

/** Fewer blocks than this are shared by all threads, one after the other. */
const fewestBlocks = 8;
/** Transformed weights that every thread may read for itself: more of them are better read once, a piece by each thread. */
const mostOwnWeights = 1 << 20;

/** Whether each thread takes blocks of its own, whose tiles then stay in its caches. Does not depend on the threads. */
function blocksApart(blocks: number, weights: number): boolean {
  return blocks >= fewestBlocks && weights <= mostOwnWeights;
}

type Builder = ReturnType<typeof blockBuilder>;

/** Blocks one after the other: the input transform of each is one phase, its pieces of output channels are the next. */
function inTurns(build: Builder, { size }: Blocks, whole: number, rest: number): Node[] {
  const phases = (first: number, count: number, by: Readonly<Record<string, number>>): Node[] => {
    const { lower, pieces } = build(first, count, by);
    return [serial(lower), phase(...pieces("part").map(({ times, steps }) => part(times, ...steps)))];
  };
  const body = [loop("block", whole, phases(0, size, { block: size }))];
  return rest > 0 ? [...body, ...phases(whole * size, rest, {})] : body;
}

/** Blocks as parts of one phase, each with all that belongs to it. */
function eachApart(build: Builder, { size }: Blocks, whole: number, rest: number): Node {
  const steps = (first: number, count: number, by: Readonly<Record<string, number>>): Step[] => {
    const { lower, pieces } = build(first, count, by);
    return [lower, ...pieces(undefined).flatMap((piece) => piece.steps)];
  };
  const parts = [part(whole, ...steps(0, size, { part: size }))];
  return phase(...parts, ...(rest > 0 ? [part(1, ...steps(whole * size, rest, {}))] : []));
}

/** Some pieces of output channels: their product and their transform, `times` over. */
interface Pieces {
  readonly times: number;
  readonly steps: readonly Step[];
}

/**
 * Returns the maker of a block of `count` tiles from `first` on, which moves with the counters `by`: the transform of its
 * input, and its pieces of output channels, which equal ones count by `counter`, or else are each written out.
 */
function blockBuilder(
  frame: Frame,
  tile: WinogradTile,
  planes: boolean,
  blocks: Blocks,
): (
  first: number,
  count: number,
  by: Readonly<Record<string, number>>,
) => { readonly lower: Step; readonly pieces: (counter: string | undefined) => readonly Pieces[] } {
  const { p, x, y, icg, ocg, kernels } = frame;
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
    const lower: Step = {
      ...{ kernel: input, rows },
      at: {
        source: { of: "input", ...affine(0, { image: x.n, group: icg * x.c }) },
        target: { of: "tiles", at: 0 },
      },
    };
    const pieces = (counter: string | undefined): readonly Pieces[] =>
      piecesOf(ocg, piece).flatMap(([start, channels, times]) => {
        const { gemm, output } = pieceKernels(frame, shared, planes, blocks, channels, count);
        const one = (channel: number, along: Readonly<Record<string, number>>, repeats: number): Pieces => ({
          times: repeats,
          steps: [
            {
              kernel: gemm,
              at: {
                a: { of: "weights", ...affine(0, { group: points }), m: affine(channel, along) },
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
                  ...affine(channel * y.c, { image: y.n, group: ocg * y.c, ...scaled(along, y.c) }),
                },
                ...channelVectors(p, channel, { group: ocg, ...along }),
              },
            },
          ],
        });
        if (counter !== undefined) return [one(start, { [counter]: piece }, times)];
        return Array.from({ length: times }, (_, index) => one(start + index * piece, {}, 1));
      });
    return { lower, pieces };
  };
}

function scaled(by: Readonly<Record<string, number>>, factor: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(by).map(([counter, stride]) => [counter, factor * stride]));
}

/** How far the first tile of a block moves. */
function reachOf(by: Readonly<Record<string, number>>, { tiles, size }: Blocks): number {
  return Object.keys(by).length === 0 ? 0 : (Math.floor(tiles / size) - 1) * size;
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
