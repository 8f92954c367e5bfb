import type { ConvProblem } from "../problem.ts";
import { type KernelTap, tapsOf, tapWindow } from "../taps.ts";

/** A tap that touches the image, with the output window it contributes to. */
export interface LiveTap extends KernelTap {
  /** Position in the filter, row by row: where its weights start in k, in units of input channels. */
  readonly index: number;
  readonly y0: number;
  readonly y1: number;
  readonly x0: number;
  readonly x1: number;
}

/** `times` strips of `height` output rows, the first one from `first` on, that all use the same taps in the same way. */
export interface StripRun {
  readonly first: number;
  readonly height: number;
  readonly times: number;
  /** Windows of the first strip, in output rows of the whole image. */
  readonly taps: readonly LiveTap[];
}

/** Whether a tap contributes to every output, so that its product may begin the output instead of adding to it. */
export function coversOutput(p: ConvProblem, tap: LiveTap): boolean {
  return tap.y0 === 0 && tap.x0 === 0 && tap.y1 === p.oh && tap.x1 === p.ow;
}

/** The taps that touch the image, one that covers the whole output first where there is one. */
export function liveTaps(p: ConvProblem): readonly LiveTap[] {
  const taps = tapsOf(p)
    .map((tap, index) => ({ ...tap, index, ...tapWindow(p, tap) }))
    .filter((tap) => tap.y1 > tap.y0 && tap.x1 > tap.x0);
  return [...taps.filter((tap) => coversOutput(p, tap)), ...taps.filter((tap) => !coversOutput(p, tap))];
}

/**
 * The output in strips of `rows`: neighbouring strips that use their taps alike are one run, so that a program stays
 * small; only strips at the image's border differ.
 */
export function stripRuns(p: ConvProblem, rows: number): readonly StripRun[] {
  const live = liveTaps(p);
  const runs: { run: StripRun; key: string }[] = [];
  for (let first = 0; first < p.oh; first += rows) {
    const height = Math.min(rows, p.oh - first);
    const taps = live
      .map((tap) => ({ ...tap, y0: Math.max(tap.y0, first), y1: Math.min(tap.y1, first + height) }))
      .filter((tap) => tap.y1 > tap.y0);
    const key = [height, ...taps.map((tap) => [tap.index, tap.y0 - first, tap.y1 - first])].join();
    const last = runs.at(-1);
    if (last?.key === key) last.run = { ...last.run, times: last.run.times + 1 };
    else runs.push({ run: { first, height, times: 1, taps }, key });
  }
  return runs.map(({ run }) => run);
}
