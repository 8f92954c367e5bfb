import type { Bound, GemmDescriptor, KernelDescriptor, MoverDescriptor, TransformDescriptor } from "./descriptor.ts";
import type { Role } from "./program.ts";
import type { GemmProvider } from "./provider.ts";
import { winogradPoints } from "./winograd.ts";

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
  if (d.kind === "transform") return transformReach(d, role, rows, provider);
  const extents = [...d.extents];
  const axis = "rows" in d ? d.rows : undefined;
  if (axis !== undefined) extents[axis] = rows[1] - rows[0];
  /** An operand addressed by row 0, whichever rows the call runs. */
  const absolute = (strides: readonly number[]): Reach =>
    shift(axis === undefined ? 0 : rows[0] * strides[axis], block(extents, strides));

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

function transformReach(d: TransformDescriptor, role: Role, rows: Rows, provider: GemmProvider): Reach | undefined {
  const { tile, to, channels, grid, image, points } = d;
  if (role === "bias" || role === "slopes") return block([channels], [1]);
  if ((role === "source") === (to === "points")) {
    const side = to === "points" ? tile + 2 : tile;
    // A range of tiles touches lines from its first to its last, and, where it straddles them, all columns.
    const [first, last] = [rows[0], rows[1] - 1].map((index) => Math.floor(index / grid[1]));
    const line = clipped(image.top + first * tile, image.top + last * tile + side, image.height);
    const [left, right] = first === last ? [rows[0], rows[1] - 1].map((index) => index % grid[1]) : [0, grid[1] - 1];
    const column = clipped(image.left + left * tile, image.left + right * tile + side, image.width);
    const extents = [channels, line[1] - line[0], column[1] - column[0]];
    const touched = block(extents, [image.channel, image.line, image.col]);
    return touched[1] < touched[0] ? undefined : shift(line[0] * image.line + column[0] * image.col, touched);
  }
  const count = rows[1] - rows[0];
  if (points.kind === "strided") {
    return block([winogradPoints(tile), channels, count], [points.point, points.channel, points.tile]);
  }
  const [low, high] = block([winogradPoints(tile)], [points.point]);
  return channels === 0 ? undefined : [low, high + provider.panelElements(points.depth, count) - 1];
}

function clipped(begin: number, end: number, extent: number): readonly [begin: number, end: number] {
  return [Math.max(0, begin), Math.min(extent, end)];
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
