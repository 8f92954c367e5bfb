import type { Batch, GemmDescriptor, Levels, PackDescriptor, PatchB, Tap } from "@leanconv/gemm";
import { integerIn, oneOf, type Random, shuffled } from "../random.ts";
import { type CaseOperand, maskOf, operandAt } from "./kernel-case.ts";
import type { GemmSizes } from "./sizes.ts";
import { blockOffsets, denseStrides, gappedStrides, offsetOf, wildStrides } from "./strides.ts";

/** How the strides of one operand are chosen. `planes` and `pixels` are dense: channels outermost or innermost. */
export type StrideMode = "planes" | "pixels" | "gaps" | "wild";

const layouts = { planes: "nchw", pixels: "nhwc" } as const;

/** An operand of a descriptor with its distance between batches and its memory. */
export interface GemmPiece<Part> {
  readonly part: Part;
  readonly batch: number;
  readonly operand: CaseOperand;
}

/** Strides of [batch, ...axes] in a mode; the dense modes come with their order, outermost first. */
function stridesFor(
  random: Random,
  mode: StrideMode,
  extents: readonly number[],
  planes: readonly number[],
  pixels: readonly number[],
): number[] {
  if (mode === "gaps") return gappedStrides(random, extents);
  if (mode === "wild") return wildStrides(random, extents);
  return denseStrides(extents, mode === "planes" ? planes : pixels);
}

/** Plain A, [batch, m, k]: rows of k, or columns. */
export function plainA(
  random: Random,
  mode: StrideMode,
  count: number,
  { m, k }: GemmSizes,
): GemmPiece<GemmDescriptor["a"]> {
  const extents = [count, m, k];
  const strides = stridesFor(random, mode, extents, [0, 1, 2], [0, 2, 1]);
  return {
    part: { kind: "plain", m: strides[1], k: strides[2] },
    batch: strides[0],
    operand: operandAt("a", "read", blockOffsets(extents, strides)),
  };
}

/** A packed constant that holds at least the product's m x k, read from a filter whose axes lie in any order. */
export function packedA(
  random: Random,
  mode: StrideMode,
  count: number,
  { m, k }: GemmSizes,
): GemmPiece<GemmDescriptor["a"]> {
  const simple = mode === "planes" || mode === "pixels";
  const batch = simple ? 1 : integerIn(random, 0, 2);
  const firstBatch = simple ? 0 : integerIn(random, 0, 2);
  const batches = firstBatch + Math.max(0, count - 1) * batch + 1;
  const rows = m + (simple ? 0 : integerIn(random, 0, 3));
  const firstK = simple ? 0 : integerIn(random, 0, 5);
  const [outer, inner] = splitLevel(random, firstK + k + (simple ? 0 : integerIn(random, 0, 4)));
  const extents = [batches, rows, outer, inner];
  const strides = mode === "planes" ? denseStrides(extents, [0, 1, 2, 3]) : gappedStrides(random, extents);
  // What is told about C need not be true: it chooses a form, never a result.
  const layout = simple ? layouts[mode] : oneOf(random, [undefined, "nchw", "nhwc"] as const);
  const level = (axis: number): Levels => [[extents[axis], strides[axis]]];
  const pack: PackDescriptor = {
    ...{ kind: "pack", dtype: "float32", batch: level(0), rows: level(1) },
    k: [...level(2), ...level(3)],
    ...(layout && { layout }),
  };
  const { origin, used } = maskOf(blockOffsets(extents, strides));
  return {
    part: { kind: "packed", pack },
    batch,
    operand: {
      ...{ role: "a", access: "read", elements: 0, origin: 0, used: new Uint8Array(0) },
      packed: { pack, used, origin, batch: firstBatch, k: firstK },
    },
  };
}

/** Two factors of `size`, as taps and channels make k; a random multiple when it is prime. */
function splitLevel(random: Random, size: number): [outer: number, inner: number] {
  const divisors = [9, 7, 6, 5, 4, 3, 2].filter((divisor) => size > 0 && size % divisor === 0);
  const outer = divisors.length > 0 && random() < 0.8 ? divisors[integerIn(random, 0, divisors.length - 1)] : 1;
  return [outer, size / outer];
}

/** Plain B, [batch, k, row, col]. */
export function plainB(
  random: Random,
  mode: StrideMode,
  count: number,
  sizes: GemmSizes,
): GemmPiece<GemmDescriptor["b"]> {
  const extents = [count, sizes.k, sizes.rows, sizes.cols];
  const strides = stridesFor(random, mode, extents, [0, 1, 2, 3], [2, 3, 0, 1]);
  return {
    part: { kind: "plain", k: strides[1], row: strides[2], col: strides[3] },
    batch: strides[0],
    operand: operandAt("b", "read", blockOffsets(extents, strides)),
  };
}

/** A patch operand over an image [batch, channel, line, col] that pixels may leave on all sides. */
export function patchB(
  random: Random,
  mode: StrideMode,
  count: number,
  sizes: GemmSizes,
): GemmPiece<GemmDescriptor["b"]> {
  // Depthwise convolution is a batch of products with one channel each.
  const isDepthwise = sizes.m <= 2 && random() < 0.5;
  const [tapCount, channels] = isDepthwise && sizes.k > 0 ? [sizes.k, 1] : splitLevel(random, sizes.k);
  const sh = integerIn(random, 1, 3);
  const sw = integerIn(random, 1, 3);
  const ih = integerIn(random, 1, Math.max(1, Math.min(40, sizes.rows * sh + 2)));
  const iw = integerIn(random, 1, Math.max(1, Math.min(520, sizes.cols * sw + 3)));
  const extents = [count, channels, ih, iw];
  const strides = stridesFor(random, mode, extents, [0, 1, 2, 3], [2, 3, 0, 1]);
  const part: PatchB = {
    ...{ kind: "patch", channels, taps: tapsOf(random, tapCount), ih, iw, sh, sw },
    ...{ channel: strides[1], line: strides[2], col: strides[3] },
  };
  return { part, batch: strides[0], operand: operandAt("b", "read", blockOffsets(extents, strides)) };
}

/** A grid of taps as a kernel has them, or any positions in any order; a few lie outside of the image for all pixels. */
function tapsOf(random: Random, count: number): Tap[] {
  const height = [3, 2, 1].find((h) => count % h === 0)!;
  const grid = random() < 0.6;
  const pad = [integerIn(random, 0, 3), integerIn(random, 0, 3)];
  const dilation = [integerIn(random, 1, 3), integerIn(random, 1, 2)];
  const taps = Array.from({ length: count }, (_, i): Tap => {
    if (!grid) return { dy: integerIn(random, -5, 5), dx: integerIn(random, -5, 5) };
    const width = count / height;
    return { dy: Math.floor(i / width) * dilation[0] - pad[0], dx: (i % width) * dilation[1] - pad[1] };
  });
  return grid ? taps : shuffled(random, taps);
}

/** B in panels, deeper than the product needs and entered in the middle of the depth. */
export function panelB(
  random: Random,
  mode: StrideMode,
  count: number,
  { rows, cols, k }: GemmSizes,
  panelWidth: number,
): GemmPiece<GemmDescriptor["b"]> {
  const first = mode === "planes" ? 0 : integerIn(random, 0, 4);
  const depth = first + k + (mode === "planes" ? 0 : integerIn(random, 0, 3));
  const columns = rows * cols;
  const panels = Math.ceil(columns / panelWidth);
  const batch = panels * depth * panelWidth;
  const data: number[] = [];
  const zeros: number[] = [];
  for (let index = 0; index < count; index++) {
    for (let panel = 0; panel < panels; panel++) {
      for (let kk = 0; kk < depth; kk++) {
        for (let i = 0; i < panelWidth; i++) {
          const at = index * batch + (panel * depth + kk) * panelWidth + i;
          (panel * panelWidth + i < columns ? data : zeros).push(at);
        }
      }
    }
  }
  const operand = operandAt("b", "read", data, { zeros, aligned: true });
  return { part: { kind: "panels", depth }, batch, operand: { ...operand, origin: first * panelWidth } };
}

/** C, [batch, m, row, col]; every element has a place of its own. */
export function targetC(
  random: Random,
  mode: StrideMode,
  count: number,
  { m, rows, cols }: GemmSizes,
  beta: 0 | 1,
): GemmPiece<GemmDescriptor["c"]> {
  const extents = [count, m, rows, cols];
  const strides = stridesFor(random, mode === "wild" ? "gaps" : mode, extents, [0, 1, 2, 3], [2, 3, 0, 1]);
  const offsets = blockOffsets(extents, strides);
  return {
    part: { m: strides[1], row: strides[2], col: strides[3] },
    batch: strides[0],
    operand: operandAt("c", beta === 0 ? "write" : "update", offsets),
  };
}

/** One value per row of C, of its own for every batch or shared by them. */
export function channelVector(random: Random, role: "bias" | "slopes", count: number, m: number): GemmPiece<undefined> {
  const batch = random() < 0.3 ? 0 : m + integerIn(random, 0, 2);
  const offsets: number[] = [];
  for (let index = 0; index < count; index++) {
    for (let i = 0; i < m; i++) offsets.push(offsetOf([batch, 1], [index, i]));
  }
  return { part: undefined, batch, operand: operandAt(role, "read", offsets) };
}

/** The batch of a descriptor, without the vectors that it has not. */
export function batchOf(count: number, a: number, b: number, c: number, bias?: number, slopes?: number): Batch {
  return { count, a, b, c, ...(bias !== undefined && { bias }), ...(slopes !== undefined && { slopes }) };
}
