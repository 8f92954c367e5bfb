import type { GemmDescriptor, GemmWork, PackDescriptor, Tap } from "@leanconv/gemm";
import { type Case, caseOf } from "./case.ts";

/** A product on synthetic data. Nothing here comes from a network: shapes span what products can be. */
export interface GemmShape {
  readonly kind: GemmWork["kind"];
  readonly layout: GemmWork["layout"];
  readonly m: number;
  /** n = rows * cols. */
  readonly rows: number;
  readonly cols: number;
  readonly channels: number;
  /** Side of the kernel; k = side * side * channels. Patches only. */
  readonly side?: number;
  readonly stride?: number;
  /** Pixels of the image at the end of every line that are not read. */
  readonly unread?: number;
  readonly beta?: 0 | 1;
  readonly bias?: boolean;
  /** Elements between the rows of C. */
  readonly gap?: number;
  /** The image lies in the other layout. */
  readonly crossed?: boolean;
  /** One channel in and out, this many times. */
  readonly depthwise?: number;
  /** Products of as many different A with one B. Plain B only; the constant holds `fewCopies` or `mostCopies`, for all such shapes. */
  readonly copies?: number;
}

const fewCopies = 16;
export const mostCopies = 160;

/** n times k, of one product. */
export function elementsOfB({ rows, cols, channels, side = 1 }: GemmShape): number {
  return rows * cols * channels * side * side;
}

/** m times n. */
export function elementsOfC({ m, rows, cols }: GemmShape): number {
  return m * rows * cols;
}

/** The product as a program of one step, which is repeated where it is short: what a call costs is part of a product. */
export function gemmCase(shape: GemmShape): Case {
  const {
    kind,
    layout,
    m,
    rows,
    cols,
    channels,
    side = 1,
    stride = 1,
    unread = 0,
    gap = 0,
    depthwise = 1,
    crossed = false,
    copies = 0,
  } = shape;
  const k = side * side * channels;
  const pack: PackDescriptor = {
    ...{
      kind: "pack",
      dtype: "float32",
      batch:
        depthwise > 1 ? [[depthwise, k]] : copies > 0 ? [[copies > fewCopies ? mostCopies : fewCopies, m * k]] : [],
      layout,
    },
    ...{ rows: m === 1 ? [] : [[m, k]], k: [[k, 1]] },
  };
  const planes = layout === "nchw";
  const inPlanes = planes !== crossed;
  const all = depthwise > 1 ? depthwise : channels;
  const [ih, iw] = [rows * stride, cols * stride + unread];
  const image = inPlanes ? { channel: ih * iw, line: iw, col: 1 } : { channel: 1, line: iw * all, col: all };
  const before = Math.floor((side - 1) / 2);
  const taps: readonly Tap[] = Array.from({ length: side * side }, (_, tap) => ({
    dy: Math.floor(tap / side) - before,
    dx: (tap % side) - before,
  }));
  const n = rows * cols;
  const b: GemmDescriptor["b"] =
    kind === "panels"
      ? { kind, depth: k }
      : kind === "patch"
        ? { kind, channels, taps, ih, iw, sh: stride, sw: stride, ...image }
        : inPlanes
          ? { kind, k: n, row: cols, col: 1 }
          : { kind, k: 1, row: cols * k, col: k };
  const pitch = cols + gap;
  const outputs = depthwise > 1 ? depthwise : m;
  const c = planes ? { m: rows * pitch, row: pitch, col: 1 } : { m: 1, row: pitch * outputs, col: outputs };
  const descriptor: GemmDescriptor = {
    ...{ kind: "gemm", dtype: "float32", m, k, rows, cols, a: { kind: "packed", pack }, b, c },
    ...{ beta: shape.beta ?? 0, bias: shape.bias ?? false },
    ...(copies > 0 && { batch: { count: copies, a: 1, b: 0, c: 0, bias: 0 } }),
    ...(depthwise > 1 && {
      batch: { count: depthwise, a: 1, b: inPlanes ? ih * iw : 1, c: planes ? rows * pitch : 1, bias: 1 },
    }),
  };
  return caseOf(descriptor, {
    a: { pack },
    b:
      kind === "panels" ? { panels: { depth: k, columns: n } } : { elements: kind === "plain" ? n * k : ih * iw * all },
    c: { elements: outputs * rows * pitch },
    bias: { elements: outputs },
  });
}
