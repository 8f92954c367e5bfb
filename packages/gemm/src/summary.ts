import type {
  CopyTarget,
  GemmDescriptor,
  KernelDescriptor,
  MoverDescriptor,
  PatchB,
  TransformDescriptor,
} from "./descriptor.ts";
import { rowsOf } from "./link.ts";
import type { Node, Program, Step } from "./program.ts";
import { winogradPoints } from "./winograd.ts";

/** GEMMs of one shape that a program runs. `kind` and `layout` are what a cost model distinguishes. */
export interface GemmWork {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly kind: "plain" | "patch" | "panels";
  /** "nhwc": output channels are contiguous in C. */
  readonly layout: "nchw" | "nhwc";
  /** Positions of the kernel in one product: k = taps * channels. */
  readonly taps: number;
  /** Distance of neighbouring pixels of B, in pixels of the image. */
  readonly stride: number;
  /**
   * Elements of B that follow each other without a gap, which decides what bringing it costs: pixels of a line in nchw,
   * channels of a pixel in nhwc. With a stride, the pixels of a line that are read.
   */
  readonly run: number;
  /** B lies in the other layout: its elements do not follow each other at all, and `run` is 1. */
  readonly crossed: boolean;
  /** Pixels of C that follow each other without a gap in nchw: all, or those of a row. */
  readonly width: number;
  /** Pixels at equal distances in B and in C: all, or those of a line. Patches of several taps are brought, and are all. */
  readonly line: number;
  readonly beta: 0 | 1;
  /** A is a packed constant (else it is packed or read anew by every call). */
  readonly packed: boolean;
  /** A bias or an activation is applied to C. */
  readonly finished: boolean;
  /** Calls. One call of a batched GEMM counts `batch` products. */
  readonly count: number;
  readonly batch: number;
}

/** Moves of one shape that a program makes. */
export interface MoveWork {
  readonly kind: MoverDescriptor["kind"];
  /** Elements written by one call; points, where tiles are transformed. */
  readonly elements: number;
  /** Elements that lie next to each other on both sides. */
  readonly run: number;
  /** Elements of the innermost axis, which a provider moves in one loop, and how they lie: both decide the rate. */
  readonly inner: number;
  readonly form: MoveForm;
  readonly count: number;
}

/**
 * How the innermost axis of a move lies. In tensors: next to each other on both sides; a few elements apart, on lines of
 * a cache that are shared; read from far apart, or written far apart, where the axis around it goes on with the lines of
 * the cache that were just touched or, "-far", with others. In panels: along the pixels of a line, the same with
 * pixels apart, or along k. Transforms read and write tiles, whose side is the innermost axis, with vectors of tiles or, "-deep", of channels.
 */
export type MoveForm =
  | "contiguous"
  | "spaced"
  | "gathered"
  | "gathered-far"
  | "scattered"
  | "scattered-far"
  | "panels"
  | "panels-spaced"
  | "panels-deep"
  | "tiles"
  | "tiles-deep";

/** What a program does, as lists of distinct shapes: all that a cost model and an explanation see. */
export interface ProgramSummary {
  readonly gemms: readonly GemmWork[];
  readonly moves: readonly MoveWork[];
  /** Multiply-adds of all GEMMs, those with padding included where an algorithm computes them. */
  readonly macs: number;
  /** Bytes read and written by all moves. */
  readonly movedBytes: number;
  readonly phases: number;
}

/**
 * Rows and columns of a one-tap patch product that lie inside of the image (algorithms.md section 1). Never outside of
 * the call's rows and columns, also where nothing lies inside.
 */
export function validWindow(
  b: PatchB,
  rowBegin: number,
  rowEnd: number,
  cols: number,
): { y0: number; y1: number; x0: number; x1: number } {
  const { dy, dx } = b.taps[0];
  const y0 = Math.min(Math.max(rowBegin, rowEnd), Math.max(rowBegin, Math.ceil(-dy / b.sh)));
  const y1 = Math.min(rowEnd, Math.floor((b.ih - 1 - dy) / b.sh) + 1);
  const x0 = Math.min(cols, Math.max(0, Math.ceil(-dx / b.sw)));
  const x1 = Math.min(cols, Math.floor((b.iw - 1 - dx) / b.sw) + 1);
  return { y0, y1: Math.max(y0, y1), x0, x1: Math.max(x0, x1) };
}

/** The product one call computes. A one-tap patch counts only what lies inside of the image. */
export function gemmWork(descriptor: GemmDescriptor, rowBegin: number, rowEnd: number): Omit<GemmWork, "count"> {
  const { a, b, c, m, k, beta } = descriptor;
  const lone = b.kind === "patch" && b.taps.length === 1;
  const { y0, y1, x0, x1 } = lone
    ? validWindow(b, rowBegin, rowEnd, descriptor.cols)
    : { y0: rowBegin, y1: Math.max(rowBegin, rowEnd), x0: 0, x1: descriptor.cols };
  const [rows, cols] = [y1 - y0, x1 - x0];
  // A single row of C says by its pixels which axis is contiguous.
  const layout = c.m === 1 && (m > 1 || c.col > 1) ? "nhwc" : "nchw";
  return {
    ...{ m, n: rows * cols, k, kind: b.kind, layout, ...runsOfB(b, layout, rows, cols, k) },
    width: rows === 1 || c.row === cols ? rows * cols : cols,
    line: rows === 1 || (c.row === cols * c.col && linesJoin(b, cols)) ? rows * cols : cols,
    ...{ beta, packed: a.kind === "packed", batch: descriptor.batch?.count ?? 1 },
    finished: descriptor.bias === true || descriptor.activation !== undefined,
  };
}

function linesJoin(b: GemmDescriptor["b"], cols: number): boolean {
  if (b.kind === "plain") return b.row === cols * b.col;
  return b.kind === "panels" || b.taps.length > 1 || b.line * b.sh === cols * b.sw * b.col;
}

function runsOfB(
  b: GemmDescriptor["b"],
  layout: GemmWork["layout"],
  rows: number,
  cols: number,
  k: number,
): Pick<GemmWork, "taps" | "stride" | "run" | "crossed"> {
  const planes = layout === "nchw";
  if (b.kind === "panels") return { taps: 1, stride: 1, run: planes ? rows * cols : k, crossed: false };
  const [taps, stride, channels] = b.kind === "patch" ? [b.taps.length, b.sw, b.channels] : [1, 1, k];
  const channel = b.kind === "patch" ? b.channel : b.k;
  if (planes ? b.col !== 1 : channel !== 1) return { taps, stride, run: 1, crossed: true };
  const line = b.kind === "patch" ? b.line * b.sh : b.row;
  const whole = taps === 1 && (rows === 1 || line === cols);
  return { taps, stride, run: planes ? (whole ? rows * cols : cols) : channels, crossed: false };
}

/** The elements one call of a mover writes, and the run that is contiguous on both sides. */
export function moveWork(descriptor: MoverDescriptor, rowBegin: number, rowEnd: number): Omit<MoveWork, "count"> {
  if (descriptor.kind === "transform") {
    const { tile, channels, points } = descriptor;
    const elements = winogradPoints(tile) * channels * Math.max(0, rowEnd - rowBegin);
    // Vectors hold tiles, which have to be transposed, or channels.
    const along = points.kind === "strided" && points.channel === 1;
    return {
      kind: "transform",
      elements,
      run: along ? channels : 1,
      inner: tile + 2,
      form: along ? "tiles-deep" : "tiles",
    };
  }
  const extents = [...descriptor.extents];
  if ("rows" in descriptor && descriptor.rows !== undefined) extents[descriptor.rows] = Math.max(0, rowEnd - rowBegin);
  const elements = extents.reduce((product, extent) => product * extent, 1);
  const work = { kind: descriptor.kind, elements, run: contiguousRun(descriptor, extents) };
  return { ...work, inner: extents.at(-1) ?? 1, form: moveForm(descriptor) };
}

/** Elements of the innermost axis that are less far apart share lines of a cache. */
const nearby = 8;

function moveForm(descriptor: Exclude<MoverDescriptor, TransformDescriptor>): MoveForm {
  const step = (strides: readonly number[]): number => Math.abs(strides.at(-1) ?? 1);
  // The axis around the innermost: the last of more than one element.
  const around = descriptor.extents.findLastIndex((extent, axis, { length }) => extent > 1 && axis < length - 1);
  const far = (strides: readonly number[]): boolean => around >= 0 && Math.abs(strides[around]) > nearby;
  const from = "source" in descriptor ? step(descriptor.source) : 1;
  if (descriptor.kind === "copy" && descriptor.target.kind === "panels") {
    if (step(descriptor.target.col) !== 1 || from > nearby) return "panels-deep";
    return from > 1 ? "panels-spaced" : "panels";
  }
  const target = descriptor.kind === "copy" ? (descriptor.target as StridedTarget).strides : descriptor.target;
  const to = step(target);
  if (to > nearby) return far(target) ? "scattered-far" : "scattered";
  if (from > nearby) return "source" in descriptor && far(descriptor.source) ? "gathered-far" : "gathered";
  return from > 1 || to > 1 ? "spaced" : "contiguous";
}

type StridedTarget = Extract<CopyTarget, { readonly kind: "strided" }>;

function contiguousRun(descriptor: Exclude<MoverDescriptor, TransformDescriptor>, extents: readonly number[]): number {
  const target =
    descriptor.kind !== "copy"
      ? descriptor.target
      : descriptor.target.kind === "strided"
        ? descriptor.target.strides
        : descriptor.target.col;
  const source = descriptor.kind === "copy" || descriptor.kind === "add" ? descriptor.source : target;
  const axis = extents.findIndex((extent, i) => extent > 1 && target[i] === 1 && source[i] === 1);
  return axis < 0 ? 1 : extents[axis];
}

/** Calls, shapes and sizes of everything a program runs. Pure; allocates the lists. */
export function summariseProgram(program: Program): ProgramSummary {
  const gemms = new Map<string, { -readonly [K in keyof GemmWork]: GemmWork[K] }>();
  const moves = new Map<string, { -readonly [K in keyof MoveWork]: MoveWork[K] }>();
  let phases = 0;
  const visit = (nodes: readonly Node[], counts: ReadonlyMap<string, number>, times: number): void => {
    for (const node of nodes) {
      if (node.kind === "loop") {
        visit(node.body, new Map(counts).set(node.index, node.count), times * node.count);
      } else if (node.kind === "guarded") {
        visit(node.save, counts, times);
        visit(node.body, counts, times);
        visit(node.restore, counts, times);
      } else {
        phases += times;
        for (const part of node.parts) {
          for (const step of part.steps) {
            const inner = new Map(counts).set("part", part.times).set("step", step.times ?? 1);
            add(program.kernels[step.kernel], step, inner, times * part.times * (step.times ?? 1));
          }
        }
      }
    }
  };
  const add = (descriptor: KernelDescriptor, step: Step, counts: ReadonlyMap<string, number>, times: number): void => {
    for (const [begin, end, share] of rowRanges(descriptor, step, counts)) {
      const count = times / share;
      if (descriptor.kind === "gemm") merge(gemms, gemmWork(descriptor, begin, end), count);
      else merge(moves, moveWork(descriptor, begin, end), count);
    }
  };
  visit(program.body, new Map(), 1);
  const gemmList = [...gemms.values()];
  const moveList = [...moves.values()];
  return {
    gemms: gemmList,
    moves: moveList,
    macs: gemmList.reduce((sum, g) => sum + g.m * g.n * g.k * g.batch * g.count, 0),
    movedBytes: moveList.reduce((sum, move) => sum + bytesPerElement(move.kind) * move.elements * move.count, 0),
    phases,
  };
}

/** Bytes read and written for every element a mover writes. */
export function bytesPerElement(kind: MoverDescriptor["kind"]): number {
  return kind === "fill" ? 4 : kind === "add" ? 12 : 8;
}

function merge<Work extends { readonly count: number }>(
  into: Map<string, { -readonly [K in keyof Work]: Work[K] }>,
  work: Omit<Work, "count">,
  count: number,
): void {
  const key = Object.values(work).join();
  const known = into.get(key);
  if (known) known.count += count;
  else into.set(key, { ...work, count } as unknown as { -readonly [K in keyof Work]: Work[K] });
}

/** The distinct row ranges of a step, each with the number of different ranges its counters give. */
function rowRanges(
  descriptor: KernelDescriptor,
  step: Step,
  counts: ReadonlyMap<string, number>,
): [begin: number, end: number, share: number][] {
  const { rows } = step;
  if (rows === undefined) return [[0, rowsOf(descriptor), 1]];
  let begins = [rows.begin.at];
  for (const [name, stride] of Object.entries(rows.begin.by ?? {})) {
    const count = counts.get(name) ?? 1;
    if (stride !== 0) begins = begins.flatMap((at) => Array.from({ length: count }, (_, i) => at + i * stride));
  }
  return begins.map((begin) => [begin, Math.min(begin + rows.count, rows.limit), begins.length]);
}
