import type { Activation, Bound, TransformDescriptor } from "@leanconv/gemm";
import fc from "fast-check";
import { integerIn, type Random, randomFrom } from "../random.ts";
import { sampleActivations } from "./activations.ts";
import { type CaseOperand, type KernelCase, operandAt, printable } from "./kernel-case.ts";
import { forEachIndex, gappedStrides, offsetOf } from "./strides.ts";

type Matrix = readonly (readonly number[])[];

/**
 * The transforms of Winograd's F(2x2, 3x3), input, weights and output, and those of F(4x4, 3x3) that are exact on
 * integers (Lavin and Gray, section 4.1 and 4.3).
 */
export const winogradMatrices: Readonly<Record<"input2" | "weights2" | "output2" | "input4" | "output4", Matrix>> = {
  input2: [
    [1, 0, -1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, 1, 0, -1],
  ],
  weights2: [
    [1, 0, 0],
    [0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5],
    [0, 0, 1],
  ],
  output2: [
    [1, 1, 1, 0],
    [0, 1, -1, -1],
  ],
  input4: [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
  ],
  output4: [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
  ],
};

type Role = "input" | "weights" | "output";

interface TransformRecipe {
  readonly role: Role;
  readonly size: 2 | 4;
  readonly channels: number;
  readonly tiles: readonly [number, number];
  readonly pixels: boolean;
  readonly bias: boolean;
  readonly activation: Activation | undefined;
  readonly seed: number;
  readonly last: number;
  readonly guard: number;
}

/** Winograd's transforms as an algorithm uses them: padded images in, points apart; points in, clipped images out. */
export function transformCases(): fc.Arbitrary<KernelCase> {
  return fc
    .record<TransformRecipe>({
      role: fc.constantFrom("input", "weights", "output"),
      size: fc.constantFrom(2, 4),
      channels: fc.integer({ min: 0, max: 5 }),
      tiles: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 4 })),
      pixels: fc.boolean(),
      bias: fc.boolean(),
      activation: fc.constantFrom(...sampleActivations),
      seed: fc.nat(),
      last: fc.nat({ max: 4 }),
      guard: fc.integer({ min: 1, max: 9 }),
    })
    .map(transformCase);
}

function transformCase(recipe: TransformRecipe): KernelCase {
  const random = randomFrom(recipe.seed);
  const matrix = matrixOf(recipe);
  const { role, channels, tiles, bias, activation } = recipe;
  const p = matrix.length;
  const q = matrix[0].length;
  const step = role === "input" ? q - 2 : role === "output" ? p : q;
  const extents = [channels, ...tiles];
  const read = role === "output" ? points(random, extents, q) : image(random, recipe, step, q);
  const write = role === "output" ? image(random, recipe, p, p) : points(random, extents, p);
  const bounds = role === "input" ? coordinates(random, tiles, step, q, integerIn(random, 0, 2)) : undefined;
  const limit = role === "output" ? coordinates(random, tiles, step, p, 0) : undefined;
  const slopes = activation?.kind === "prelu";
  const descriptor: TransformDescriptor = {
    ...{ kind: "transform", dtype: "float32", matrix, extents, source: read.strides, target: write.strides },
    ...{ x: read.tile, y: write.tile },
    ...(bounds && { bounds }),
    ...(limit && { limit }),
    ...(bias && { bias: [1, 0, 0] }),
    ...(slopes && { slopes: [1, 0, 0] }),
    ...(activation && { activation }),
  };
  const vector = [...new Array(extents.includes(0) ? 0 : channels).keys()];
  const operands: CaseOperand[] = [
    operandAt("source", "read", tileOffsets(extents, q, read, bounds)),
    operandAt("target", "write", tileOffsets(extents, p, write, limit)),
    ...(bias ? [operandAt("bias", "read", vector)] : []),
    ...(slopes ? [operandAt("slopes", "read", vector)] : []),
  ];
  return printable({ ...recipe, descriptor, operands, rows: [0, 1] });
}

function matrixOf({ role, size }: TransformRecipe): Matrix {
  if (role === "weights") return winogradMatrices.weights2;
  return winogradMatrices[`${role}${size}`];
}

interface TileStrides {
  readonly strides: readonly number[];
  readonly tile: readonly [number, number];
}

/** Tiles of an image [channels, lines, columns] in either layout; neighbours overlap when `step` is less than `size`. */
function image(random: Random, { channels, tiles, pixels }: TransformRecipe, step: number, size: number): TileStrides {
  const width = Math.max(0, tiles[1] - 1) * step + size + integerIn(random, 0, 2);
  const height = Math.max(0, tiles[0] - 1) * step + size;
  const col = pixels ? Math.max(1, channels) + integerIn(random, 0, 1) : 1;
  const channel = pixels ? 1 : width * height;
  return { strides: [channel, step * width * col, step * col], tile: [width * col, col] };
}

/** Points of transformed tiles, each point a matrix of channels x tiles, at any strides. */
function points(random: Random, extents: readonly number[], size: number): TileStrides {
  const strides = gappedStrides(random, [...extents, size, size]);
  return { strides: strides.slice(0, 3), tile: [strides[3], strides[4]] };
}

/** The two coordinates of a tile's first element, with an extent that cuts the last tiles. */
function coordinates(
  random: Random,
  tiles: readonly [number, number],
  step: number,
  size: number,
  pad: number,
): [Bound, Bound] {
  const bound = (count: number, axis: number): Bound => ({
    extent: Math.max(1, (count - 1) * step + size - pad - integerIn(random, 0, size - 1)),
    offset: -pad,
    steps: [0, axis === 0 ? step : 0, axis === 1 ? step : 0],
  });
  return [bound(tiles[0], 0), bound(tiles[1], 1)];
}

function tileOffsets(
  extents: readonly number[],
  size: number,
  { strides, tile }: TileStrides,
  bounds: readonly [Bound, Bound] | undefined,
): number[] {
  const offsets: number[] = [];
  forEachIndex([...extents, size, size], (index) => {
    const inside = bounds?.every((bound, axis) => {
      const at = bound.offset + offsetOf(bound.steps, index.slice(0, extents.length)) + index[extents.length + axis];
      return at >= 0 && at < bound.extent;
    });
    if (inside !== false) offsets.push(offsetOf([...strides, ...tile], index));
  });
  return offsets;
}
