import type { Activation, Capabilities, GemmDescriptor } from "@leanconv/gemm";
import fc from "fast-check";
import { type Random, randomFrom } from "../random.ts";
import { sampleActivations } from "./activations.ts";
import {
  batchOf,
  channelVector,
  type GemmPiece,
  packedA,
  panelB,
  patchB,
  plainA,
  plainB,
  type StrideMode,
  targetC,
} from "./gemm-operands.ts";
import { type KernelCase, printable } from "./kernel-case.ts";
import { type GemmSizes, gemmSizes } from "./sizes.ts";

/** Everything that a GEMM case depends on; operands follow from it and the seed. */
export interface GemmRecipe {
  readonly sizes: GemmSizes;
  readonly a: "plain" | "packed";
  readonly b: "plain" | "patch" | "panels";
  readonly beta: 0 | 1;
  readonly bias: boolean;
  readonly activation: Activation | undefined;
  readonly batch: number | undefined;
  readonly modes: readonly [a: StrideMode, b: StrideMode, c: StrideMode];
  /** The row range as fractions of the rows, or all of them. */
  readonly range: readonly [number, number] | undefined;
  readonly seed: number;
  readonly last: number;
  readonly guard: number;
}

const modes = fc.constantFrom<StrideMode>("planes", "pixels", "gaps", "wild");
const fraction = fc.integer({ min: 0, max: 4 });

/** GEMMs of every kind the contract knows, with memory for their operands, for a provider of these capabilities. */
export function gemmCases(capabilities: Capabilities): fc.Arbitrary<KernelCase> {
  return fc
    .record<GemmRecipe>({
      sizes: gemmSizes(capabilities),
      a: fc.constantFrom("plain", "packed"),
      b: fc.constantFrom("plain", "patch", "panels"),
      beta: fc.constantFrom(0, 1),
      bias: fc.boolean(),
      activation: fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, fc.constantFrom(...sampleActivations)),
      batch: fc.option(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 4, max: 9 })), { nil: undefined }),
      modes: fc.tuple(modes, modes, modes),
      range: fc.option(fc.tuple(fraction, fraction), { nil: undefined }),
      seed: fc.nat(),
      last: fc.nat({ max: 5 }),
      guard: fc.integer({ min: 1, max: 9 }),
    })
    .map((recipe) => gemmCase(recipe, capabilities.panelWidth));
}

/** Chooses strides and memory for a recipe. */
export function gemmCase(recipe: GemmRecipe, panelWidth: number): KernelCase {
  const { sizes, beta, bias, activation, batch, seed, range } = recipe;
  const random = randomFrom(seed);
  const count = batch ?? 1;
  const a = (recipe.a === "plain" ? plainA : packedA)(random, recipe.modes[0], count, sizes);
  const b = pieceB(random, recipe, count, panelWidth);
  const c = targetC(random, recipe.modes[2], count, sizes, beta);
  const biasVector = bias ? channelVector(random, "bias", count, sizes.m) : undefined;
  const slopes = activation?.kind === "prelu" ? channelVector(random, "slopes", count, sizes.m) : undefined;
  const descriptor: GemmDescriptor = {
    ...{ kind: "gemm", dtype: "float32", ...sizes, a: a.part, b: b.part, c: c.part, beta },
    ...(bias && { bias }),
    ...(activation && { activation }),
    ...(batch !== undefined && { batch: batchOf(batch, a.batch, b.batch, c.batch, biasVector?.batch, slopes?.batch) }),
  };
  const operands = [a, b, c, biasVector, slopes].flatMap((piece) => (piece ? [piece.operand] : []));
  const { rows } = sizes;
  const ends = (range ?? [0, 4]).map((part) => Math.round((rows * part) / 4)).sort((x, y) => x - y);
  return printable({ descriptor, operands, rows: [ends[0], ends[1]], seed, last: recipe.last, guard: recipe.guard });
}

function pieceB(
  random: Random,
  { b, modes: [, mode], sizes }: GemmRecipe,
  count: number,
  panelWidth: number,
): GemmPiece<GemmDescriptor["b"]> {
  if (b === "plain") return plainB(random, mode, count, sizes);
  if (b === "patch") return patchB(random, mode, count, sizes);
  return panelB(random, mode, count, sizes, panelWidth);
}

/**
 * Small GEMMs with every combination of beta, bias, activation, batch and layout. Depthwise: batches of one or two rows
 * and nine taps, as many as a vector and one more.
 */
export function gemmSweep(
  a: GemmRecipe["a"],
  b: GemmRecipe["b"],
  panelWidth: number,
  kind: "dense" | "depthwise" = "dense",
): KernelCase[] {
  const recipes = [0, 1].flatMap((beta) =>
    [false, true].flatMap((bias) =>
      sampleActivations.flatMap((activation) =>
        (kind === "dense" ? [undefined, 2] : [4, 9]).flatMap((batch) =>
          (["planes", "pixels"] as const).map((mode) => ({
            ...{ a, b, beta: beta as 0 | 1, bias, activation, batch, range: undefined },
            modes: [mode, mode, mode] as const,
          })),
        ),
      ),
    ),
  );
  return recipes.map((recipe, i) => {
    const dense = { m: 5 + (i % 4), rows: 3, cols: 4 + (i % 3), k: i % 2 === 0 ? 18 : 6 };
    const sizes = kind === "dense" ? dense : { m: 1 + (i % 2), rows: 4, cols: 5 + (i % 5), k: 9 };
    return gemmCase({ ...recipe, sizes, seed: i + 1, last: i % 6, guard: 1 + (i % 4) }, panelWidth);
  });
}
