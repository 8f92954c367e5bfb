import type { Slot } from "@leanconv/core";
import type { Variant } from "../algorithm.ts";
import type { ConvProblem } from "../problem.ts";
import { type LiveTap, stripRuns } from "./strips.ts";

/** Output rows of one strip; all of them where the variant has no strips. */
export function stripHeight(p: ConvProblem, { parameters }: Variant): number {
  return Math.max(1, Math.min(parameters.rows ?? p.oh, p.oh));
}

/** Lines of a slice that these taps of one residue read: line j holds image line j * sh + residue. */
export function sliceLines(p: ConvProblem, taps: readonly LiveTap[]): readonly [first: number, end: number] {
  return span(taps.map((tap) => [tap.y0 + Math.floor(tap.dy / p.sh), tap.y1 + Math.floor(tap.dy / p.sh)]));
}

/** Image lines that these taps read at stride 1. */
export function punchLines(taps: readonly LiveTap[]): readonly [first: number, end: number] {
  return span(taps.map((tap) => [tap.y0 + tap.dy, tap.y1 + tap.dy]));
}

/** Rows of the slice of one horizontal tap position: every sh-th image row, or the most that a strip uses. */
export function sliceRows(p: ConvProblem, rows: number): number {
  if (rows === p.oh) return Math.ceil(p.ih / p.sh);
  return most(
    p,
    rows,
    ({ kx, dy }) => `${kx} ${modulo(dy, p.sh)}`,
    (taps) => sliceLines(p, taps),
  );
}

/** Remainder with the sign of the modulus. */
export function modulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}

/** Columns that have to be punched on the worse side (algorithms.md section 3.3). */
export function punchReach(p: ConvProblem): number {
  return Math.max(p.pl, p.dw * (p.kw - 1) - p.pl);
}

/** Image rows that punching saves: all, or the most that a strip uses, about rows + dh * (kh - 1). */
export function punchRows(p: ConvProblem, rows: number): number {
  return rows === p.oh ? p.ih : most(p, rows, ({ dx }) => `${Math.sign(dx)}`, punchLines);
}

/** The longest span of lines over all strips and groups of taps. */
function most(
  p: ConvProblem,
  rows: number,
  group: (tap: LiveTap) => string,
  lines: (taps: readonly LiveTap[]) => readonly [number, number],
): number {
  let longest = 0;
  for (const { taps } of stripRuns(p, rows)) {
    for (const together of Map.groupBy(taps, group).values()) {
      const [first, end] = lines(together);
      longest = Math.max(longest, end - first);
    }
  }
  return longest;
}

function span(ranges: readonly (readonly [number, number])[]): readonly [first: number, end: number] {
  return [Math.min(...ranges.map(([first]) => first)), Math.max(...ranges.map(([, end]) => end))];
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
