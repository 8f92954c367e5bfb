import type { Bound, GemmDescriptor, KernelDescriptor, MoverDescriptor } from "./descriptor.ts";
import type { Role } from "./program.ts";
import type { GemmProvider } from "./provider.ts";

/** Lowest and highest offset from an address, both included; nothing where high is below low. */
export type Reach = readonly [low: number, high: number];

/** The rows of a call: [begin, end). */
export type Rows = readonly [begin: number, end: number];

/** What a call of these rows touches around its address. Rows are absolute, but for the target of a copy. */
export function roleReach(
  descriptor: KernelDescriptor,
  role: Role,
  rows: Rows,
  provider: GemmProvider,
): Reach | undefined {
  if (rows[1] <= rows[0]) return undefined;
  return descriptor.kind === "gemm"
    ? gemmReach(descriptor, role, rows, provider)
    : moverReach(descriptor, role, rows, provider);
}

function gemmReach(d: GemmDescriptor, role: Role, rows: Rows, provider: GemmProvider): Reach | undefined {
  const { m, k, cols, a, b, c, batch } = d;
  const count = batch?.count ?? 1;
  const height = rows[1] - rows[0];
  if (m === 0 || cols === 0 || count === 0) return undefined;
  if (role === "a") return a.kind === "plain" ? block([count, m, k], [batch?.a ?? 0, a.m, a.k]) : undefined;
  if (role === "c") return shift(rows[0] * c.row, block([count, m, height, cols], [batch?.c ?? 0, c.m, c.row, c.col]));
  if (role === "bias") return block([count, m], [batch?.bias ?? 0, 1]);
  if (role === "slopes") return block([count, m], [batch?.slopes ?? 0, 1]);
  if (role !== "b" || k === 0) return undefined;
  if (b.kind === "plain") {
    return shift(rows[0] * b.row, block([count, k, height, cols], [batch?.b ?? 0, b.k, b.row, b.col]));
  }
  if (b.kind === "panels") {
    const [low, high] = block([count], [batch?.b ?? 0]);
    return [low, high + provider.panelElements(b.depth, rows[1] * cols) - 1];
  }
  return block([count, b.channels, b.ih, b.iw], [batch?.b ?? 0, b.channel, b.line, b.col]);
}

function moverReach(d: MoverDescriptor, role: Role, rows: Rows, provider: GemmProvider): Reach | undefined {
  const extents = [...d.extents];
  const axis = "rows" in d ? d.rows : undefined;
  if (axis !== undefined) extents[axis] = rows[1] - rows[0];
  /** An operand addressed by row 0, whichever rows the call runs. */
  const absolute = (strides: readonly number[]): Reach =>
    shift(axis === undefined ? 0 : rows[0] * strides[axis], block(extents, strides));

  if (d.kind === "transform") return transformReach(d, role);
  if (d.kind === "copy") {
    if (role === "source") {
      const from = extents.map((_, i) => (i === axis ? rows[0] : 0));
      return boundedReach(from, extents, d.source, d.bounds ?? [], 0);
    }
    if (role !== "target") return undefined;
    if (d.target.kind === "strided") return block(extents, d.target.strides);
    return [0, provider.panelElements(d.target.depth, block(extents, d.target.col)[1] + 1) - 1];
  }
  if (role === "target") return absolute(d.target);
  if (role === "source" && d.kind === "add") return absolute(d.source);
  if (role === "values" && d.kind === "fill" && typeof d.value === "object") return absolute(d.value.values);
  if (role === "slopes" && d.kind === "activate") return absolute(d.slopes ?? []);
  return undefined;
}

function transformReach(d: Extract<MoverDescriptor, { kind: "transform" }>, role: Role): Reach | undefined {
  const tile = (size: number): number[] => [...d.extents, size, size];
  const inTile = (bounds: readonly Bound[] | undefined): Bound[] =>
    (bounds ?? []).map((bound, i) => ({ ...bound, steps: [...bound.steps, i === 0 ? 1 : 0, i === 0 ? 0 : 1] }));
  const from = new Array<number>(d.extents.length + 2).fill(0);
  if (role === "source") {
    return boundedReach(from, tile(d.matrix[0].length), [...d.source, ...d.x], inTile(d.bounds), 0);
  }
  if (role === "target") {
    const lowest = Number.NEGATIVE_INFINITY;
    return boundedReach(from, tile(d.matrix.length), [...d.target, ...d.y], inTile(d.limit), lowest);
  }
  if (role === "bias") return block(d.extents, d.bias ?? []);
  return role === "slopes" ? block(d.extents, d.slopes ?? []) : undefined;
}

/**
 * The reach of the indices whose coordinates lie in [lowest, extent): along the axes of one bound, the source moves with
 * the coordinate where its strides are a multiple of the bound's steps, as those of every image are. Undefined where
 * they are not, or where nothing is inside.
 */
function boundedReach(
  from: readonly number[],
  extents: readonly number[],
  strides: readonly number[],
  bounds: readonly Bound[],
  lowest: number,
): Reach | undefined {
  if (extents.some((extent) => extent <= 0)) return undefined;
  let [low, high] = [0, 0];
  const free = new Set(extents.keys());
  for (const bound of bounds) {
    const moving = [...free].filter((axis) => bound.steps[axis] !== 0);
    if (moving.length < bound.steps.filter((step) => step !== 0).length) return undefined;
    const factor = moving.length === 0 ? 0 : strides[moving[0]] / bound.steps[moving[0]];
    if (moving.some((axis) => strides[axis] !== factor * bound.steps[axis])) return undefined;
    const [first, last] = block(
      moving.map((axis) => extents[axis]),
      moving.map((axis) => bound.steps[axis]),
    );
    const start = moving.reduce((sum, axis) => sum + bound.steps[axis] * from[axis], bound.offset);
    const begin = Math.max(lowest, start + first);
    const end = Math.min(bound.extent - 1, start + last);
    if (end < begin) return undefined;
    const ends = [factor * (begin - bound.offset), factor * (end - bound.offset)];
    low += Math.min(...ends);
    high += Math.max(...ends);
    for (const axis of moving) free.delete(axis);
  }
  const rest = [...free];
  const [first, last] = block(
    rest.map((axis) => extents[axis]),
    rest.map((axis) => strides[axis]),
  );
  const start = rest.reduce((sum, axis) => sum + strides[axis] * from[axis], 0);
  return [low + start + first, high + start + last];
}

/** Lowest and highest offset of an n-d block. */
export function block(extents: readonly number[], strides: readonly number[]): Reach {
  let low = 0;
  let high = 0;
  for (let i = 0; i < extents.length; i++) {
    if (extents[i] <= 0) return [0, -1];
    const reach = (extents[i] - 1) * (strides[i] ?? 0);
    if (reach < 0) low += reach;
    else high += reach;
  }
  return [low, high];
}

function shift(by: number, [low, high]: Reach): Reach {
  return [low + by, high + by];
}
