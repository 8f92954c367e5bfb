import type { ConvProblem, Frame } from "@leanconv/conv";
import {
  type Address,
  type Affine,
  affine,
  type Bound,
  type CopyTarget,
  type PanelB,
  type PlainB,
} from "@leanconv/gemm";
import { type LoweredExtent, loweredRows } from "./slots.ts";

/**
 * How the lowered matrix lies in its slot. Its rows are image rows, each kw * icg deep (kernel column, then channel), and
 * its columns output columns, so that kernel rows next to each other make one longer range of k.
 */
export interface Lowered {
  /** Image rows kept of one image, and how many padded rows above them are not. */
  readonly rows: number;
  readonly skip: number;
  /** Distances along k, from image row to image row, from output column to output column, from image to image. */
  readonly k: number;
  readonly row: number;
  readonly col: number;
  readonly image: number;
  /** "panels": the distances but `k` mean nothing, and rows are addressed along k. */
  readonly form: "columns" | "planes" | "panels";
}

/** The paper's order [ow][row][kw][c] ("columns"), [row][kw][c][ow] ("planes"), or the provider's panels. */
export function loweredMatrix(frame: Frame, extent: LoweredExtent, form: Lowered["form"]): Lowered {
  const { p, icg } = frame;
  const rows = loweredRows(p, extent);
  const depth = p.kw * icg;
  const skip = extent === "real" ? p.pt : 0;
  if (form === "planes") {
    return { rows, skip, k: p.ow, row: depth * p.ow, col: 1, image: rows * depth * p.ow, form };
  }
  return { rows, skip, k: 1, row: depth, col: rows * depth, image: p.ow * rows * depth, form };
}

/** The lowered matrix as operand B; `rows` of a product run over images. */
export function loweredB(frame: Frame, lowered: Lowered): PlainB | PanelB {
  if (lowered.form === "panels") return { kind: "panels", depth: lowered.rows * frame.p.kw * frame.icg };
  return { kind: "plain", k: lowered.k, row: lowered.image, col: lowered.col };
}

/** The address of an image row, counted in rows of the matrix. */
export function loweredRow(frame: Frame, lowered: Lowered, row: Affine): Address {
  const unit = lowered.form === "panels" ? frame.p.kw * frame.icg : lowered.row;
  const by = Object.fromEntries(Object.entries(row.by ?? {}).map(([name, stride]) => [name, stride * unit]));
  const place = affine(row.at * unit, by);
  return lowered.form === "panels" ? { of: "lowered", at: 0, k: place } : { of: "lowered", ...place };
}

/** One axis of the copy: its extent, strides, and steps of the coordinates in the image. */
interface Axis {
  readonly extent: number;
  readonly source: number;
  readonly target: number;
  readonly line: number;
  readonly column: number;
  readonly k: number;
  readonly col: number;
}

/**
 * The kernel that lowers: L[ox][row][kx][c] = x[c, row, ox * sw + kx * dw - pl], 0 outside of the image. With `ranges`
 * its calls choose a range of padded rows, else it lowers all rows that are kept. The source is padded row `skip`.
 */
export function lowering(frame: Frame, lowered: Lowered, ranges = false): number {
  const { p, x, icg, kernels } = frame;
  // Neighbours along kernel columns and channels that also are neighbours in the image: one run of kw * icg, as in the paper.
  const joined = lowered.form === "columns" && p.dw === 1 && (icg === 1 || x.c === 1) && x.w === icg;
  const unit = joined ? icg : 1;
  const all = { extent: 1, source: 0, target: 0, line: 0, column: 0, k: 0, col: 0 };
  const row: Axis = {
    ...all,
    ...{ extent: ranges ? paddedRows(p) : lowered.rows, source: x.h, target: lowered.row, line: 1, k: p.kw * icg },
  };
  const col: Axis = {
    ...all,
    ...{ extent: p.ow, source: p.sw * x.w, target: lowered.col, column: p.sw * unit, col: 1 },
  };
  const kx: Axis = { ...all, extent: p.kw, source: p.dw * x.w, target: icg * lowered.k, column: p.dw, k: icg };
  const channel: Axis = { ...all, extent: icg, source: x.c, target: lowered.k, k: 1 };
  const run: Axis = { ...all, extent: p.kw * icg, source: 1, target: 1, column: 1, k: 1 };
  const deep = joined ? [run] : [kx, channel];
  const planes = lowered.form === "planes" || (lowered.form === "panels" && frame.variant.inputLayout === "nchw");
  const axes = planes ? [row, ...deep, col] : [col, row, ...deep];
  const target: CopyTarget =
    lowered.form === "panels"
      ? {
          kind: "panels",
          depth: lowered.rows * p.kw * icg,
          k: axes.map((axis) => axis.k),
          col: axes.map((axis) => axis.col),
        }
      : { kind: "strided", strides: axes.map((axis) => axis.target) };
  const bounds: Bound[] = [];
  if (lowered.skip === 0 && p.pt + p.pb > 0) {
    bounds.push({ extent: p.ih, offset: -p.pt, steps: axes.map((axis) => axis.line) });
  }
  if (p.pl + p.pr > 0) {
    bounds.push({ extent: p.iw * unit, offset: -p.pl * unit, steps: axes.map((axis) => axis.column) });
  }
  return kernels.kernel({
    ...{ kind: "copy", dtype: "float32", target },
    extents: axes.map((axis) => axis.extent),
    source: axes.map((axis) => axis.source),
    ...(bounds.length > 0 && { bounds }),
    ...(ranges && { rows: axes.indexOf(row) }),
  });
}

/** Where lowering reads: padded row `skip` of the group, padded column 0. */
export function loweringSource({ p, x, icg }: Frame, { skip }: Lowered, by: Readonly<Record<string, number>>): Address {
  return { of: "input", ...affine((skip - p.pt) * x.h - p.pl * x.w, { ...by, group: icg * x.c }) };
}

function paddedRows(p: ConvProblem): number {
  return p.ih + p.pt + p.pb;
}
