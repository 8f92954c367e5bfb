import type { Bound, Capabilities, CopyDescriptor } from "@leanconv/gemm";
import fc from "fast-check";
import { integerIn, oneOf, type Random, randomFrom, shuffled } from "../random.ts";
import { type CaseOperand, type KernelCase, operandAt, printable } from "./kernel-case.ts";
import { denseStrides, forEachIndex, gappedStrides, offsetOf, wildStrides } from "./strides.ts";

/** What a mover case depends on besides its kind. */
export interface MoverRecipe {
  readonly axes: number;
  readonly simple: boolean;
  /** Cuts one axis by a row range. */
  readonly rows: boolean;
  readonly seed: number;
  readonly last: number;
  readonly guard: number;
}

export function moverRecipes(minAxes: number, maxAxes: number): fc.Arbitrary<MoverRecipe> {
  return fc.record({
    axes: fc.integer({ min: minAxes, max: maxAxes }),
    simple: fc.boolean(),
    rows: fc.boolean(),
    seed: fc.nat(),
    last: fc.nat({ max: 4 }),
    guard: fc.integer({ min: 1, max: 9 }),
  });
}

/** Short axes, one of them sometimes long enough for a run that is copied as a block; seldom an empty one. */
export function moverExtents(random: Random, axes: number): number[] {
  const extents = Array.from({ length: axes }, () => integerIn(random, 1, axes > 4 ? 3 : 4));
  if (axes > 0 && random() < 0.4) extents[axes - 1] = integerIn(random, 20, 70);
  if (axes > 0 && random() < 0.08) extents[integerIn(random, 0, axes - 1)] = 0;
  return extents;
}

/** The axis that rows cut, and the range of the call. */
export function rowRange(
  random: Random,
  { rows, axes }: MoverRecipe,
  extents: readonly number[],
): { readonly axis: number | undefined; readonly range: readonly [number, number] } {
  if (!rows || axes === 0) return { axis: undefined, range: [0, 1] };
  const axis = integerIn(random, 0, axes - 1);
  const begin = integerIn(random, 0, extents[axis]);
  return { axis, range: [begin, integerIn(random, begin, extents[axis])] };
}

/** Copies with strides: any source, zero fill outside of up to two bounds, and row ranges. */
export function copyCases(): fc.Arbitrary<KernelCase> {
  return moverRecipes(0, 6).map((recipe) => {
    const random = randomFrom(recipe.seed);
    const extents = moverExtents(random, recipe.axes);
    const source = recipe.simple ? denseStrides(extents, [...extents.keys()]) : wildStrides(random, extents);
    const strides = recipe.simple ? denseStrides(extents, [...extents.keys()]) : gappedStrides(random, extents);
    const bounds = recipe.axes === 0 ? [] : boundsOf(random, extents);
    const { axis, range } = rowRange(random, recipe, extents);
    const descriptor: CopyDescriptor = {
      ...{ kind: "copy", dtype: "float32", extents, source, target: { kind: "strided", strides } },
      ...(bounds.length > 0 && { bounds }),
      ...(axis !== undefined && { rows: axis }),
    };
    // The strip's buffer starts with the strip: it is as high as the range.
    const written = extents.map((extent, i) => (i === axis ? range[1] - range[0] : extent));
    const targets: number[] = [];
    forEachIndex(written, (index) => targets.push(offsetOf(strides, index)));
    const operands = [sourceOf(extents, source, bounds), operandAt("target", "write", targets)];
    return printable({ descriptor, operands, rows: range, seed: recipe.seed, last: recipe.last, guard: recipe.guard });
  });
}

/** Copies into panels, as strip im2col and MEC make them: some axes make k, the others the column. */
export function panelCopyCases({ panelWidth }: Capabilities): fc.Arbitrary<KernelCase> {
  return moverRecipes(2, 6).map((recipe) => {
    const random = randomFrom(recipe.seed);
    const extents = moverExtents(random, recipe.axes);
    const source = recipe.simple ? denseStrides(extents, [...extents.keys()]) : wildStrides(random, extents);
    const order = recipe.simple ? [...extents.keys()] : shuffled(random, [...extents.keys()]);
    const kAxes = order.slice(0, integerIn(random, 1, recipe.axes - 1));
    const colAxes = order.filter((axis) => !kAxes.includes(axis));
    const k = mixedRadix(extents, kAxes);
    const col = mixedRadix(extents, colAxes);
    const bounds = boundsOf(random, extents);
    // Only the outermost column axis can be cut: the others do not end with the strip.
    const rowAxis = colAxes[0];
    const begin = integerIn(random, 0, extents[rowAxis]);
    const range = recipe.rows ? ([begin, integerIn(random, begin, extents[rowAxis])] as const) : ([0, 1] as const);
    const first = recipe.simple ? 0 : integerIn(random, 0, 3);
    const kSize = kAxes.reduce((product, axis) => product * extents[axis], 1);
    const depth = first + kSize + (recipe.simple ? 0 : integerIn(random, 0, 2));
    const descriptor: CopyDescriptor = {
      ...{ kind: "copy", dtype: "float32", extents, source, target: { kind: "panels", depth, k, col } },
      ...(bounds.length > 0 && { bounds }),
      ...(recipe.rows && { rows: rowAxis }),
    };
    const columns = colAxes.reduce((product, axis) => product * extents[axis], 1);
    const panels = Math.ceil(columns / panelWidth);
    const target = operandAt("target", "write", [...new Array(panels * depth * panelWidth).keys()], { aligned: true });
    const operands = [sourceOf(extents, source, bounds), { ...target, origin: first * panelWidth }];
    return printable({ descriptor, operands, rows: range, seed: recipe.seed, last: recipe.last, guard: recipe.guard });
  });
}

/** Strides into one index that runs over `axes`, the last of them fastest; 0 for the others. */
function mixedRadix(extents: readonly number[], axes: readonly number[]): number[] {
  const strides = new Array<number>(extents.length).fill(0);
  let step = 1;
  for (const axis of [...axes].reverse()) {
    strides[axis] = step;
    step *= extents[axis];
  }
  return strides;
}

/** Up to two coordinates, each made of one or two axes, that leave their extent on either side. */
function boundsOf(random: Random, extents: readonly number[]): Bound[] {
  const free = shuffled(random, [...extents.keys()]);
  return Array.from({ length: integerIn(random, 0, 2) }, (): Bound => {
    const steps = new Array<number>(extents.length).fill(0);
    for (let i = 0; i < 2 && free.length > 0; i++) {
      const axis = free.pop()!;
      steps[axis] = oneOf(random, [1, 1, 1, 2, 3, -1]);
    }
    const span = steps.reduce((sum, step, axis) => sum + Math.abs(step) * Math.max(0, extents[axis] - 1), 0);
    return { extent: integerIn(random, 0, span + 1), offset: integerIn(random, -3, 3), steps };
  });
}

/** The elements of the source that lie inside of the bounds; only they may be read. */
function sourceOf(extents: readonly number[], strides: readonly number[], bounds: readonly Bound[]): CaseOperand {
  const offsets: number[] = [];
  forEachIndex(extents, (index) => {
    const inside = bounds.every((bound) => {
      const coordinate = bound.offset + offsetOf(bound.steps, index);
      return coordinate >= 0 && coordinate < bound.extent;
    });
    if (inside) offsets.push(offsetOf(strides, index));
  });
  return operandAt("source", "read", offsets);
}
