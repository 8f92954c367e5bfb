import type { ConvProblem } from "@leanconv/conv";
import { type AxisWindow, axisWindow } from "./runs.ts";

/** `times` strips of the image, `height` rows each, the first one from row `begin` on, that serve their outputs alike. */
export interface Strip {
  readonly begin: number;
  readonly height: number;
  readonly times: number;
  /** By kernel row, for the first strip: the output rows its rows contribute to, and rows counted from its start. */
  readonly windows: readonly AxisWindow[];
}

/**
 * The image in strips of `rows`. Neighbours whose windows only move along with them are one, so that a program stays
 * small: where `rows` is a multiple of the stride, those are all but the ones at the border.
 */
export function imageStrips(p: ConvProblem, rows: number): readonly Strip[] {
  const strips: Strip[] = [];
  for (let begin = 0; begin < p.ih; begin += rows) {
    const height = Math.min(rows, p.ih - begin);
    const windows = Array.from({ length: p.kh }, (_, ky) => axisWindow(ky * p.dh - p.pt - begin, p.sh, height, p.oh));
    const last = strips.at(-1);
    if (
      last?.height === height &&
      windows.every((window, ky) => movedBy(last.windows[ky], window, begin - last.begin))
    ) {
      strips[strips.length - 1] = { ...last, times: last.times + 1 };
    } else {
      strips.push({ begin, height, times: 1, windows });
    }
  }
  return strips;

  function movedBy(from: AxisWindow, to: AxisWindow, distance: number): boolean {
    if (from.size !== to.size) return false;
    return to.size === 0 || (from.in === to.in && (to.out - from.out) * p.sh === distance);
  }
}
