import {
  type ConvAlgorithm,
  type ConvProblem,
  type ConvProgram,
  channelVectors,
  epilogue,
  type Frame,
  finishProgram,
  outputTarget,
  startProgram,
  tapMajor,
  unknownForm,
  type Variant,
  type Views,
} from "@leanconv/conv";
import {
  affine,
  type CopyTarget,
  type GemmProvider,
  loop,
  type Node,
  type PanelB,
  type PlainB,
  serial,
} from "@leanconv/gemm";
import { im2colSlots } from "./slots.ts";
import { refusesPointwise } from "./variants.ts";

/** For every image, group and strip: lower, then one GEMM (algorithms.md section 2.2). */
export function im2colProgram(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  variant: Variant,
  provider: GemmProvider,
  views: Views | undefined,
): ConvProgram {
  const { form } = variant;
  if (!["pointwise", "full", "strip", "panels"].includes(form)) unknownForm(algorithm, variant);
  const refusal = form === "pointwise" ? refusesPointwise(problem) : undefined;
  const frame = startProgram(algorithm, problem, variant, provider, views, tapMajor, refusal);
  const rows = Math.max(1, Math.min(variant.parameters.rows ?? problem.oh, problem.oh));
  const body = form === "pointwise" ? [pointwise(frame)] : strips(frame, rows);
  const nest = loop("image", problem.n, [loop("group", problem.groups, body)]);
  return finishProgram(algorithm, frame, im2colSlots(problem, variant, provider), [nest]);
}

/** The input is the patch matrix. */
function pointwise(frame: Frame): Node {
  const { x } = frame;
  const b: PlainB = { kind: "plain", k: x.c, row: x.h, col: x.w };
  return product(frame, b, frame.p.oh, affine(0, { image: x.n, group: frame.icg * x.c }), "input", 0, undefined);
}

/** Strips of `rows` output rows in a loop, and a lower one at the end. */
function strips(frame: Frame, rows: number): Node[] {
  const { oh } = frame.p;
  const whole = Math.floor(oh / rows);
  const rest = oh - whole * rows;
  const nodes: Node[] = [loop("strip", whole, strip(frame, rows, rows, 0, "strip"))];
  if (rest > 0) nodes.push(...strip(frame, rows, rest, whole * rows, undefined));
  return nodes;
}

/** One strip: `height` output rows from `first` on, in a buffer for `rows`. `counter` repeats it every `rows` rows. */
function strip(frame: Frame, rows: number, height: number, first: number, counter: string | undefined): Node[] {
  const { p, x, icg, kernels, variant } = frame;
  const { kh, kw, ow } = p;
  const depth = kh * kw * icg;
  const pixels = rows * ow;
  // Along planes the long runs are pixels of a row; with channels innermost they are the channels of a pixel.
  const planes = variant.inputLayout === "nchw";
  const axes = { ky: kw * icg, kx: icg, channel: 1 };
  const stripStrides = planes ? { k: pixels, pixel: 1 } : { k: 1, pixel: depth };
  const order = planes
    ? (["ky", "kx", "channel", "row", "col"] as const)
    : (["row", "col", "ky", "kx", "channel"] as const);
  const extent = { ky: kh, kx: kw, channel: icg, row: p.oh, col: ow };
  const source = { ky: p.dh * x.h, kx: p.dw * x.w, channel: x.c, row: p.sh * x.h, col: p.sw * x.w };
  const k = { ...axes, row: 0, col: 0 };
  const column = { ky: 0, kx: 0, channel: 0, row: ow, col: 1 };
  const target: CopyTarget =
    variant.form === "panels"
      ? { kind: "panels", depth, k: order.map((axis) => k[axis]), col: order.map((axis) => column[axis]) }
      : {
          kind: "strided",
          strides: order.map((axis) => k[axis] * stripStrides.k + column[axis] * stripStrides.pixel),
        };
  const line = { ky: p.dh, kx: 0, channel: 0, row: p.sh, col: 0 };
  const place = { ky: 0, kx: p.dw, channel: 0, row: 0, col: p.sw };
  const lower = kernels.kernel({
    ...{ kind: "copy", dtype: "float32", target, rows: order.indexOf("row") },
    extents: order.map((axis) => extent[axis]),
    source: order.map((axis) => source[axis]),
    bounds: [
      { extent: p.ih, offset: -p.pt, steps: order.map((axis) => line[axis]) },
      { extent: p.iw, offset: -p.pl, steps: order.map((axis) => place[axis]) },
    ],
  });
  const by: Record<string, number> = { image: x.n, group: icg * x.c };
  const begin = affine(first, counter ? { [counter]: rows } : {});
  const copy = serial({
    kernel: lower,
    rows: { begin, count: height, limit: p.oh },
    at: {
      source: { of: "input", ...affine(-p.pt * x.h - p.pl * x.w, by) },
      target: { of: "patches", at: 0 },
    },
  });
  const b: PlainB | PanelB =
    variant.form === "panels"
      ? { kind: "panels", depth }
      : { kind: "plain", k: stripStrides.k, row: ow * stripStrides.pixel, col: stripStrides.pixel };
  return [copy, product(frame, b, height, { at: 0 }, "patches", first, counter && { [counter]: rows })];
}

/** The GEMM over `height` output rows from `first` on. */
function product(
  frame: Frame,
  b: PlainB | PanelB,
  height: number,
  from: { at: number; by?: Readonly<Record<string, number>> },
  operand: string,
  first: number,
  counter: Record<string, number> | undefined | "",
): Node {
  const { p, y, icg, ocg, a, kernels } = frame;
  const kernel = kernels.kernel({
    ...{ kind: "gemm", dtype: "float32", m: ocg, k: p.kh * p.kw * icg, rows: height, cols: p.ow, a, b },
    c: outputTarget(frame),
    ...epilogue(p, { first: true, last: true }),
  });
  const strides = Object.fromEntries(Object.entries(counter || {}).map(([name, rows]) => [name, rows * y.h]));
  return serial({
    kernel,
    at: {
      a: { of: "weights", ...affine(0, { group: 1 }) },
      b: { of: operand, ...from },
      c: { of: "output", ...affine(first * y.h, { image: y.n, group: ocg * y.c, ...strides }) },
      ...channelVectors(p, 0, { group: ocg }),
    },
  });
}
