import type { ActivateDescriptor, AddDescriptor, FillDescriptor } from "@leanconv/gemm";
import fc from "fast-check";
import { integerIn, oneOf, type Random, randomFrom } from "../random.ts";
import { sampleActivations } from "./activations.ts";
import { type MoverRecipe, moverExtents, moverRecipes, rowRange } from "./copy-cases.ts";
import { type CaseOperand, type KernelCase, operandAt, printable } from "./kernel-case.ts";
import { blockOffsets, denseStrides, gappedStrides, wildStrides } from "./strides.ts";

/** target += source, over any source. */
export function addCases(): fc.Arbitrary<KernelCase> {
  return moverRecipes(0, 6).map((recipe) => {
    const random = randomFrom(recipe.seed);
    const extents = moverExtents(random, recipe.axes);
    const target = targetStrides(random, recipe, extents);
    const source = recipe.simple ? target : wildStrides(random, extents);
    const descriptor: AddDescriptor = { kind: "add", dtype: "float32", extents, source, target };
    const read = operandAt("source", "read", blockOffsets(extents, source));
    return finish(recipe, descriptor, [read, operandAt("target", "update", blockOffsets(extents, target))], [0, 1]);
  });
}

/** A constant, or a vector along one or more axes, over all rows or some. */
export function fillCases(): fc.Arbitrary<KernelCase> {
  return fc.tuple(moverRecipes(0, 6), fc.boolean()).map(([recipe, vector]) => {
    const random = randomFrom(recipe.seed);
    const extents = moverExtents(random, recipe.axes);
    const target = targetStrides(random, recipe, extents);
    const values = vectorStrides(random, extents);
    const { axis, range } = rowRange(random, recipe, extents);
    const descriptor: FillDescriptor = {
      ...{ kind: "fill", dtype: "float32", extents, target },
      value: vector ? { values } : oneOf(random, [0, 1, -2.5]),
      ...(axis !== undefined && { rows: axis }),
    };
    const operands = [operandAt("target", "write", blockOffsets(extents, target))];
    if (vector) operands.push(operandAt("values", "read", blockOffsets(extents, values)));
    return finish(recipe, descriptor, operands, range);
  });
}

/** Every activation in place, PReLU with slopes along some axes. */
export function activateCases(): fc.Arbitrary<KernelCase> {
  const kinds = sampleActivations.filter((activation) => activation !== undefined);
  return fc.tuple(moverRecipes(0, 6), fc.constantFrom(...kinds)).map(([recipe, activation]) => {
    const random = randomFrom(recipe.seed);
    const extents = moverExtents(random, recipe.axes);
    const target = targetStrides(random, recipe, extents);
    const slopes = vectorStrides(random, extents);
    const { axis, range } = rowRange(random, recipe, extents);
    const isPrelu = activation.kind === "prelu";
    const descriptor: ActivateDescriptor = {
      ...{ kind: "activate", dtype: "float32", extents, target, activation },
      ...(isPrelu && { slopes }),
      ...(axis !== undefined && { rows: axis }),
    };
    const operands = [operandAt("target", "update", blockOffsets(extents, target))];
    if (isPrelu) operands.push(operandAt("slopes", "read", blockOffsets(extents, slopes)));
    return finish(recipe, descriptor, operands, range);
  });
}

function targetStrides(random: Random, recipe: MoverRecipe, extents: readonly number[]): number[] {
  return recipe.simple ? denseStrides(extents, [...extents.keys()]) : gappedStrides(random, extents);
}

/** Mostly one axis with stride 1, as a per-channel vector has; sometimes any strides. */
function vectorStrides(random: Random, extents: readonly number[]): number[] {
  if (random() < 0.3) return wildStrides(random, extents);
  const axis = integerIn(random, 0, Math.max(0, extents.length - 1));
  return extents.map((_, i) => (i === axis ? 1 : 0));
}

function finish(
  { seed, last, guard }: MoverRecipe,
  descriptor: KernelCase["descriptor"],
  operands: CaseOperand[],
  rows: KernelCase["rows"],
): KernelCase {
  return printable({ descriptor, operands, rows, seed, last, guard });
}
