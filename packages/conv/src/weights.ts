import { convError, type Heap, type Region, roundUp } from "@leanconv/core";
import { type GemmProvider, type Levels, type PackDescriptor, type WinogradTile, winogradPoints } from "@leanconv/gemm";
import { assertView, type ImageLayout, type StridedView } from "@leanconv/tensor";
import type { ConvProgram } from "./algorithm.ts";
import type { ConvProblem } from "./problem.ts";

/** Axes of a filter: g groups, o output channels of a group, i input channels of a group, the kernel's rows and columns. */
export type FilterAxis = "g" | "o" | "i" | "kh" | "kw";

/** Which axes make the batch, the rows and the depth of the packed constant, each from the outermost inwards. */
export interface WeightOrder {
  readonly batch: readonly FilterAxis[];
  readonly rows: readonly FilterAxis[];
  readonly k: readonly FilterAxis[];
  /** Which axis of the products is contiguous, where it is not that of the output. */
  readonly layout?: ImageLayout;
  /** 3 x 3 filters become the points of Winograd's F(m x m, 3 x 3), a matrix each, innermost in the batch. */
  readonly transform?: WinogradTile;
}

/** The order nearly all algorithms use: one matrix per group, rows of output channels, depth (tap, channel). */
export const tapMajor: WeightOrder = { batch: ["g"], rows: ["o"], k: ["kh", "kw", "i"] };

/** Logical strides [o, i, h, w] of a filter in elements. */
type FilterStrides = readonly [o: number, i: number, h: number, w: number];

/**
 * The pack of a problem's filter. The packed form depends on the extents alone, so that one program serves every
 * filter layout; the strides say where the values come from (default: dense oihw). `layout` is the output's.
 */
export function packDescriptor(
  problem: ConvProblem,
  order: WeightOrder,
  layout: ImageLayout,
  strides?: FilterStrides,
): PackDescriptor {
  const { groups, kh, kw } = problem;
  const i = problem.ic / groups;
  const o = problem.oc / groups;
  const [so, si, sh, sw] = strides ?? [i * kh * kw, kh * kw, kw, 1];
  const level: Record<FilterAxis, readonly [number, number]> = {
    g: [groups, o * so],
    o: [o, so],
    i: [i, si],
    kh: [kh, sh],
    kw: [kw, sw],
  };
  const levels = (axes: readonly FilterAxis[]): Levels => axes.map((axis) => level[axis]);
  const { transform: tile } = order;
  const points: Levels = tile === undefined ? [] : [[winogradPoints(tile), 0]];
  return {
    ...{ kind: "pack", dtype: "float32", layout: order.layout ?? layout },
    ...{ batch: [...levels(order.batch), ...points], rows: levels(order.rows), k: levels(order.k) },
    ...(tile !== undefined && { transform: { tile, line: sh, col: sw } }),
  };
}

/** The constants of a convolution in a heap. Reusable for other image sizes and by several bindings. */
export interface PreparedWeights {
  /** Identity of the provider and the packed form; other programs with the same key can use them. */
  readonly key: string;
  readonly weights: Region;
  readonly bias?: Region;
  readonly slopes?: Region;
}

/** The user's constants, in any memory. */
export interface ConvConstants {
  /** Logical shape [oc, ic / groups, kh, kw], any strides. */
  readonly filter: StridedView;
  /** oc values; required exactly when the problem has a bias. */
  readonly bias?: ArrayLike<number>;
  /** oc values, or one for all channels; required exactly when the activation is prelu. */
  readonly slopes?: ArrayLike<number>;
}

/** Bytes of the packed weights, bias and slopes of a program in a heap, with the gaps of alignment. Pure. */
export function packedBytes(program: ConvProgram, provider: GemmProvider): number {
  const { alignBytes } = provider.capabilities;
  const { problem } = program;
  const vectors = (problem.bias ? 1 : 0) + (problem.activation?.kind === "prelu" ? 1 : 0);
  const weights = provider.packedForm(packDescriptor(problem, program.weights, program.variant.outputLayout)).bytes;
  return roundUp(weights, alignBytes) + vectors * roundUp(4 * problem.oc, alignBytes);
}

/**
 * Packs a filter straight from the user's layout into `heap`, with bias and slopes beside it. Allocates
 * `packedBytes(program, provider)` of the heap.
 * @throws `argument.shape`, `argument.rank`, `argument.dtype`, `argument.bias`, `argument.slopes`, `resource.out-of-memory`, `state.*`
 */
export function prepareWeights(
  program: ConvProgram,
  provider: GemmProvider,
  heap: Heap,
  constants: ConvConstants,
): PreparedWeights {
  const { problem } = program;
  const { filter } = constants;
  const wanted = [problem.oc, problem.ic / problem.groups, problem.kh, problem.kw];
  assertView(filter, "prepareWeights, filter", 4);
  if (filter.shape.some((size, axis) => size !== wanted[axis])) {
    throw convError("argument.shape", {
      where: "prepareWeights, filter",
      what: "the logical shape [o, i, h, w] differs from the problem's",
      got: filter.shape,
      wanted,
    });
  }
  const [so, si, sh, sw] = filter.stride;
  const pack = packDescriptor(problem, program.weights, program.variant.outputLayout, [so, si, sh, sw]);
  const isPrelu = problem.activation?.kind === "prelu";
  checkVector("argument.bias", "bias", constants.bias, problem.bias, [problem.oc]);
  checkVector("argument.slopes", "slopes", constants.slopes, isPrelu, [problem.oc, 1]);
  const mark = heap.mark();
  try {
    const weights = heap.allocate(provider.packedForm(pack).bytes, "weights");
    provider.pack(pack, filter.data, filter.offset, weights);
    return {
      key: weightsKey(program, provider),
      weights,
      ...(constants.bias && { bias: vector(heap, "bias", constants.bias, problem.oc) }),
      ...(constants.slopes && { slopes: vector(heap, "slopes", constants.slopes, problem.oc) }),
    };
  } catch (error) {
    // All of it or nothing.
    if (!heap.disposed) heap.release(mark);
    throw error;
  }
}

/** What packed weights depend on. */
export function weightsKey(program: ConvProgram, provider: GemmProvider): string {
  const { oc, ic, kh, kw, groups, bias, activation } = program.problem;
  const vectors = [bias, activation?.kind === "prelu"];
  return JSON.stringify([
    provider.identity,
    program.weights,
    program.weights.layout ?? program.variant.outputLayout,
    oc,
    ic,
    kh,
    kw,
    groups,
    vectors,
  ]);
}

function checkVector(
  code: "argument.bias" | "argument.slopes",
  name: string,
  values: ArrayLike<number> | undefined,
  needed: boolean,
  lengths: readonly number[],
): void {
  const where = `prepareWeights, ${name}`;
  if (values === undefined) {
    if (needed) throw convError(code, { where, what: `the problem has ${name}, but none was given` });
  } else if (!needed) {
    throw convError(code, {
      where,
      what: `the problem was described without ${name}`,
      fix: `describe it with ${name}`,
    });
  } else if (!lengths.includes(values.length)) {
    throw convError(code, {
      where,
      what: "one value per output channel",
      got: `${values.length} values`,
      wanted: lengths[0],
    });
  }
}

function vector(heap: Heap, name: string, values: ArrayLike<number>, length: number): Region {
  const region = heap.allocate(4 * length, name);
  if (values.length === 1) region.float32.fill(values[0]);
  else region.float32.set(values);
  return region;
}
