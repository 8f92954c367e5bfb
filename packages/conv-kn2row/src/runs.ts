import { validRange } from "@leanconv/conv";

/** Outputs along one axis that a tap contributes to: how many, the first one, and the first input they read. */
export interface AxisWindow {
  readonly size: number;
  readonly out: number;
  readonly in: number;
}

/** The window of a tap displaced by `d` in an image of `length` (algorithms.md section 1). */
export function axisWindow(d: number, stride: number, length: number, outputs: number): AxisWindow {
  const [lo, hi] = validRange(d, stride, length, outputs);
  return { size: hi - lo, out: lo, in: lo * stride + d };
}

/** Taps next to each other along one axis whose windows are equally large and move evenly. */
export interface WindowRun {
  readonly first: number;
  readonly count: number;
  /** Of the first tap. */
  readonly window: AxisWindow;
  /** From tap to tap. */
  readonly outStep: number;
  readonly inStep: number;
}

/**
 * Windows along one axis in runs, so that a loop serves each; the empty ones are left out. Only taps that reach over the
 * image's border have a run of their own.
 */
export function windowRuns(windows: readonly AxisWindow[]): readonly WindowRun[] {
  const runs: WindowRun[] = [];
  windows.forEach((window, tap) => {
    if (window.size === 0) return;
    const run = runs.at(-1);
    if (run && run.first + run.count === tap && run.window.size === window.size) {
      const [outStep, inStep] = [window.out - run.window.out, window.in - run.window.in];
      if (run.count === 1 || (outStep === run.count * run.outStep && inStep === run.count * run.inStep)) {
        const count = run.count + 1;
        runs[runs.length - 1] = { ...run, count, outStep: outStep / run.count, inStep: inStep / run.count };
        return;
      }
    }
    runs.push({ first: tap, count: 1, window, outStep: 0, inStep: 0 });
  });
  return runs;
}

/** `count` taps of a run from `first` on. */
export function partOfRun(run: WindowRun, first: number, count: number): WindowRun {
  const { size, out, in: from } = run.window;
  const moved = first - run.first;
  const window = { size, out: out + moved * run.outStep, in: from + moved * run.inStep };
  return { ...run, first, count, window };
}

/** Taps that are served alike along both axes: all pairs of a row run and a column run. */
export interface TapBlock {
  readonly rows: WindowRun;
  readonly cols: WindowRun;
}

/** All blocks, without the tap `except`. */
export function tapBlocks(
  rows: readonly WindowRun[],
  cols: readonly WindowRun[],
  except?: { readonly ky: number; readonly kx: number },
): readonly TapBlock[] {
  const blocks = rows.flatMap((run) => cols.map((col): TapBlock => ({ rows: run, cols: col })));
  if (except === undefined) return blocks;
  const { ky, kx } = except;
  return blocks
    .flatMap((block) => {
      const [rowsBefore, colsBefore] = [ky - block.rows.first, kx - block.cols.first];
      const [rowsBehind, colsBehind] = [block.rows.count - rowsBefore - 1, block.cols.count - colsBefore - 1];
      if (Math.min(rowsBefore, rowsBehind, colsBefore, colsBehind) < 0) return [block];
      const row = partOfRun(block.rows, ky, 1);
      return [
        { rows: partOfRun(block.rows, block.rows.first, rowsBefore), cols: block.cols },
        { rows: row, cols: partOfRun(block.cols, block.cols.first, colsBefore) },
        { rows: row, cols: partOfRun(block.cols, kx + 1, colsBehind) },
        { rows: partOfRun(block.rows, ky + 1, rowsBehind), cols: block.cols },
      ];
    })
    .filter((block) => block.rows.count > 0 && block.cols.count > 0);
}
