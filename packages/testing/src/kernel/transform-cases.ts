import type { Activation, Capabilities, TiledImage, TransformDescriptor } from "@leanconv/gemm";
import fc from "fast-check";
import { integerIn, type Random, randomFrom } from "../random.ts";
import { sampleActivations } from "./activations.ts";
import { type CaseOperand, type KernelCase, operandAt, printable } from "./kernel-case.ts";
import { blockOffsets, forEachIndex, gappedStrides } from "./strides.ts";

/** How images and points lie: planes, pixels, or anything. */
const layouts = ["planes", "pixels", "gaps"] as const;
type Layout = (typeof layouts)[number];

interface TransformRecipe {
  readonly tile: 2 | 4;
  readonly to: "points" | "image";
  readonly channels: number;
  readonly grid: readonly [number, number];
  /** Share of the tiles before the first one of the call, and of the others in it. */
  readonly range: readonly [number, number];
  readonly image: Layout;
  readonly points: Layout | "panels";
  readonly bias: boolean;
  readonly activation: Activation | undefined;
  readonly seed: number;
  readonly last: number;
  readonly guard: number;
}

/** Winograd's transforms as an algorithm uses them: tiles of padded images to points, and points to clipped images. */
export function transformCases({ panelWidth }: Capabilities): fc.Arbitrary<KernelCase> {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const recipe = {
    tile: fc.constantFrom<2 | 4>(2, 4),
    channels: fc.integer({ min: 0, max: 11 }),
    grid: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 6 })),
    range: fc.oneof(fc.constant([0, 1] as const), fc.tuple(share, share)),
    image: fc.constantFrom(...layouts),
    bias: fc.boolean(),
    activation: fc.constantFrom(...sampleActivations),
    ...{ seed: fc.nat(), last: fc.nat({ max: 4 }), guard: fc.integer({ min: 1, max: 9 }) },
  };
  return fc
    .oneof(
      fc.record<TransformRecipe>({
        ...recipe,
        to: fc.constant("points"),
        points: fc.constantFrom("panels", ...layouts),
        ...{ bias: fc.constant(false), activation: fc.constant(undefined) },
      }),
      fc.record<TransformRecipe>({ ...recipe, to: fc.constant("image"), points: fc.constantFrom(...layouts) }),
    )
    .map((one) => transformCase(one, panelWidth));
}

function transformCase(recipe: TransformRecipe, panelWidth: number): KernelCase {
  const random = randomFrom(recipe.seed);
  const { tile, to, channels, grid, bias, activation } = recipe;
  const image = imageOf(random, recipe);
  const tiles = grid[0] * grid[1];
  const begin = Math.min(tiles, Math.floor(recipe.range[0] * (tiles + 1)));
  const rows = [begin, begin + Math.round(recipe.range[1] * (tiles - begin))] as const;
  const points = pointsOf(random, recipe, rows[1] - rows[0], panelWidth);
  const slopes = activation?.kind === "prelu";
  const descriptor: TransformDescriptor = {
    ...{ kind: "transform", dtype: "float32", tile, to, channels, grid, image, points: points.part },
    ...(bias && { bias }),
    ...(activation && { activation }),
  };
  const pixels = tileOffsets(descriptor, rows);
  const vector = [...new Array(rows[1] > rows[0] ? channels : 0).keys()];
  const operands: CaseOperand[] = [
    to === "points" ? operandAt("source", "read", pixels) : operandAt("source", "read", points.offsets),
    to === "points"
      ? operandAt("target", "write", points.offsets, { aligned: points.part.kind === "panels" })
      : operandAt("target", "write", pixels),
    ...(bias ? [operandAt("bias", "read", vector)] : []),
    ...(slopes ? [operandAt("slopes", "read", vector)] : []),
  ];
  return printable({ ...recipe, descriptor, operands, rows });
}

/** An image that its tiles leave on all sides (only at the end, where they are written). */
function imageOf(random: Random, { tile, to, channels, grid, image }: TransformRecipe): TiledImage {
  const [top, left] = to === "image" ? [0, 0] : [-integerIn(random, 0, 4), -integerIn(random, 0, 4)];
  const extent = (count: number, first: number): number =>
    Math.max(1, first + count * tile + (to === "points" ? 2 : 0) - integerIn(random, 0, tile + 1));
  const [height, width] = [extent(grid[0], top), extent(grid[1], left)];
  const gap = integerIn(random, 0, 1);
  const [channel, line, col] =
    image === "planes"
      ? [height * (width + gap), width + gap, 1]
      : image === "pixels"
        ? [1, width * (channels + gap), channels + gap]
        : gappedStrides(random, [channels, height, width]);
  return { height, width, channel, line, col, top, left };
}

interface Points {
  readonly part: TransformDescriptor["points"];
  readonly offsets: readonly number[];
}

function pointsOf(random: Random, { tile, channels, points }: TransformRecipe, tiles: number, width: number): Points {
  const count = (tile + 2) ** 2;
  if (points === "panels") {
    const depth = channels + integerIn(random, 0, 2);
    const columns = Math.ceil(tiles / width) * width;
    const point = columns * depth + 16 * integerIn(random, 0, 1);
    const offsets = blockOffsets([count, columns / width, channels, width], [point, depth * width, width, 1]);
    return { part: { kind: "panels", point, depth }, offsets };
  }
  const extents = [count, channels, tiles];
  const gap = integerIn(random, 0, 3);
  const strides =
    points === "planes"
      ? [channels * (tiles + gap), tiles + gap, 1]
      : points === "pixels"
        ? [tiles * (channels + gap), 1, channels + gap]
        : gappedStrides(random, extents);
  const [point, channel, one] = strides;
  return { part: { kind: "strided", point, channel, tile: one }, offsets: blockOffsets(extents, strides) };
}

/** Elements of the image that the tiles of a call touch. */
function tileOffsets(d: TransformDescriptor, [begin, end]: readonly [number, number]): number[] {
  const side = d.to === "points" ? d.tile + 2 : d.tile;
  const { top, left, height, width, channel, line, col } = d.image;
  const offsets = new Set<number>();
  forEachIndex([d.channels, end - begin, side, side], ([c, index, i, j]) => {
    const y = top + Math.floor((begin + index) / d.grid[1]) * d.tile + i;
    const x = left + ((begin + index) % d.grid[1]) * d.tile + j;
    if (y >= 0 && y < height && x >= 0 && x < width) offsets.add(c * channel + y * line + x * col);
  });
  return [...offsets];
}
