import { type ConvConstants, type ConvProblem, type ErrorClass, formatProblem } from "@leanconv/conv";
import { type DirectOperands, directAt, directConv2d, errorBound } from "@leanconv/conv-direct";
import type { ActivationKind } from "@leanconv/gemm";
import { type FilterLayout, filterLayouts, type ImageStrides, type StridedView } from "@leanconv/tensor";
import { guardArray } from "../guard.ts";
import { activationUlps } from "../kernel/compare.ts";
import { oneOf, type Random, randomFrom, type ValueKind, valueFrom } from "../random.ts";

/** The tensors of one problem in plain arrays, with what the oracle makes of them. Logical order n, c, h, w. */
export interface ConvData {
  readonly problem: ConvProblem;
  readonly kind: ValueKind;
  /** Dense nchw. */
  readonly input: Float32Array;
  readonly constants: ConvConstants;
  /** The oracle's output in float64, dense nchw. */
  readonly want: Float64Array;
  /** How far an algorithm of a class may be off, element by element: 0 for integers and exact activations, if it is exact on them. */
  readonly allowed: (at: number, errors: ErrorClass) => number;
}

const inexact: readonly ActivationKind[] = ["elu", "sigmoid", "tanh", "hard-swish"];

/** Random tensors for a problem; the filter lies in a random layout. Along `repeated` the input does not change. */
export function convData(problem: ConvProblem, seed: number, kind: ValueKind, repeated?: keyof ImageStrides): ConvData {
  const random = randomFrom(seed);
  const { n, ic, ih, iw, oc, oh, ow } = problem;
  const input = values(random, kind, n * ic * ih * iw);
  if (repeated) repeat(input, [n, ic, ih, iw], ["n", "c", "h", "w"].indexOf(repeated));
  const constants: ConvConstants = {
    filter: filterOf(problem, random, kind),
    ...(problem.bias && { bias: values(random, kind, oc) }),
    ...(problem.activation?.kind === "prelu" && { slopes: values(random, kind, oc) }),
  };
  const operands: DirectOperands = { input: dense(input, [n, ic, ih, iw]), ...constants };
  const want = new Float64Array(n * oc * oh * ow);
  directConv2d(problem, { ...operands, output: dense(want, [n, oc, oh, ow]) });
  return { problem, kind, input, constants, want, allowed: allowance(problem, kind, operands, want) };
}

function allowance(
  problem: ConvProblem,
  kind: ValueKind,
  operands: DirectOperands,
  want: Float64Array,
): (at: number, errors: ErrorClass) => number {
  const { oc, oh, ow, activation } = problem;
  const ulps = activation && inexact.includes(activation.kind) ? activationUlps * 2 ** -23 : 0;
  return (at, errors) => {
    if (kind === "integers" && errors.exactOnIntegers) return ulps === 0 ? 0 : ulps * Math.abs(want[at]) + 2 ** -126;
    const channel = Math.floor(at / (oh * ow)) % oc;
    const [image, y, x] = [Math.floor(at / (oc * oh * ow)), Math.floor(at / ow) % oh, at % ow];
    const { magnitude } = directAt(problem, operands, image, channel, y, x, errors.tile);
    return errorBound(problem, magnitude, operands.slopes?.[channel] ?? 1, errors);
  };
}

/** A filter of logical shape [oc, ic / groups, kh, kw] whose axes lie in any of the filter layouts. */
function filterOf({ oc, ic, groups, kh, kw }: ConvProblem, random: Random, kind: ValueKind): StridedView {
  const shape = [oc, ic / groups, kh, kw];
  const layout: FilterLayout = oneOf(random, filterLayouts);
  const extent: Record<string, number> = { o: shape[0], i: shape[1], h: kh, w: kw };
  const stride: Record<string, number> = {};
  let step = 1;
  for (const axis of [...layout].reverse()) {
    stride[axis] = step;
    step *= extent[axis];
  }
  return { data: values(random, kind, step), shape, stride: [..."oihw"].map((axis) => stride[axis]), offset: 0 };
}

/** Copies index 0 of an axis to all others. */
function repeat(data: Float32Array, shape: readonly number[], axis: number): void {
  const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  for (let i = 0; i < data.length; i++) {
    const index = Math.floor(i / inner) % shape[axis];
    data[i] = data[i - index * inner];
  }
}

function values(random: Random, kind: ValueKind, length: number): Float32Array {
  const array = guardArray(length);
  for (let i = 0; i < length; i++) array[i] = valueFrom(random, kind);
  return array;
}

/** A dense view in logical order. */
export function dense<T extends Float32Array | Float64Array>(
  data: T,
  shape: readonly [number, number, number, number],
): { readonly data: T; readonly shape: readonly number[]; readonly stride: readonly number[]; readonly offset: 0 } {
  const [, c, h, w] = shape;
  return { data, shape, stride: [c * h * w, h * w, w, 1], offset: 0 };
}

/** The first output that is further from the oracle's than the error class allows; undefined if none is. */
export function differenceFrom(data: ConvData, got: Float32Array, errors: ErrorClass): string | undefined {
  for (let at = 0; at < data.want.length; at++) {
    const want = data.want[at];
    if (got[at] === Math.fround(want)) continue;
    const allowed = data.allowed(at, errors);
    if (Math.abs(got[at] - want) <= allowed) continue;
    const { oc, oh, ow } = data.problem;
    const place = [Math.floor(at / (oc * oh * ow)), Math.floor(at / (oh * ow)) % oc, Math.floor(at / ow) % oh, at % ow];
    return `output [${place}] is ${got[at]}, not ${want} +- ${allowed} (${formatProblem(data.problem)})`;
  }
  return undefined;
}
