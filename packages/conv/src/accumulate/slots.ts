import type { Slot } from "@leanconv/core";
import type { Variant } from "../algorithm.ts";
import type { ConvProblem } from "../problem.ts";

/** Output rows of one strip; all of them where the variant has no strips. */
export function stripHeight(p: ConvProblem, { parameters }: Variant): number {
  return Math.max(1, Math.min(parameters.rows ?? p.oh, p.oh));
}

/** Rows of the slice of one horizontal tap position: every sh-th image row, or those that a strip uses. */
export function sliceRows(p: ConvProblem, rows: number): number {
  const all = Math.ceil(p.ih / p.sh);
  return rows === p.oh ? all : Math.min(all, rows + Math.floor((p.dh * (p.kh - 1)) / p.sh));
}

/** Columns that have to be punched on the worse side (algorithms.md section 3.3). */
export function punchReach(p: ConvProblem): number {
  return Math.max(p.pl, p.dw * (p.kw - 1) - p.pl);
}

/** Image rows that punching saves: all, or those that a strip uses. */
export function punchRows(p: ConvProblem, rows: number): number {
  return rows === p.oh ? p.ih : Math.min(p.ih, rows + p.dh * (p.kh - 1));
}

/**
 * The workspace of the accumulating family, per group of one image (algorithms.md section 11): nothing for window and
 * rows, ic * ceil(ih / sh) * ow for a slice, ic * ih * max(pl, dw (kw - 1) - pl) for the columns saved by punching;
 * in strips the rows that a strip uses instead of ih.
 */
export function accumulateSlots(p: ConvProblem, variant: Variant): readonly Slot[] {
  const channels = p.ic / p.groups;
  const rows = stripHeight(p, variant);
  const inStrips = variant.parameters.rows !== undefined;
  if (variant.form === "slice") {
    const elements = channels * sliceRows(p, rows) * p.ow;
    return [{ name: "slice", elements, ...(inStrips && { perThread: true }) }];
  }
  if (variant.form === "punch") return [{ name: "saved", elements: channels * punchRows(p, rows) * punchReach(p) }];
  return [];
}
