import { affine, type Node, part, phase, type Step, serial } from "@leanconv/gemm";
import type { Frame } from "../frame.ts";
import { beginSteps, edgesOf, finishSteps, tapStep } from "./plain.ts";
import { modulo, sliceLines, sliceRows } from "./slots.ts";
import { type LiveTap, type StripRun, stripRuns } from "./strips.ts";

/**
 * For every horizontal tap position a slice of the image is copied with its columns moved into place, and the taps
 * above each other multiply rows of it (algorithms.md section 4.3). Any geometry, plain GEMMs of full length, the input
 * is never written. At a vertical stride there is one slice for every residue of the rows.
 */
export function sliceProgram(frame: Frame, rows: number | undefined): readonly Node[] {
  const edges = edgesOf(frame);
  if (rows === undefined) {
    const [run] = stripRuns(frame.p, frame.p.oh);
    return [...beginSteps(frame, edges, run, "part"), ...steps(run), ...finishSteps(frame, edges, run, "part")].map(
      (step) => serial(step),
    );
  }
  const parts = stripRuns(frame.p, rows).map((run) =>
    part(run.times, ...beginSteps(frame, edges, run, "part"), ...steps(run), ...finishSteps(frame, edges, run, "part")),
  );
  return [phase(...parts)];

  /** Copy and multiply, slice after slice. A covering tap comes first, so that it may begin the output. */
  function steps(run: StripRun): Step[] {
    const groups = Map.groupBy(run.taps, (tap) => `${tap.kx} ${modulo(tap.dy, frame.p.sh)}`);
    return [...groups.values()].flatMap((taps) => sliceSteps(run, taps));
  }

  function sliceSteps(run: StripRun, taps: readonly LiveTap[]): Step[] {
    const { p, x, icg, variant } = frame;
    const planes = variant.inputLayout === "nchw";
    const height = sliceRows(p, rows ?? p.oh);
    const [{ dx }] = taps;
    const phaseOfRows = modulo(taps[0].dy, p.sh);
    // Line j of the slice is image line j * sh + phaseOfRows; a strip's slice starts at its first tap's first line.
    const whole = [0, Math.ceil((p.ih - phaseOfRows) / p.sh)] as const;
    const [firstLine, endLine] = rows === undefined ? whole : sliceLines(p, taps);
    const lines = endLine - firstLine;
    const slice = planes ? { c: height * p.ow, h: p.ow, w: 1 } : { c: 1, h: p.ow * icg, w: icg };
    const order = planes ? (["c", "h", "w"] as const) : (["h", "w", "c"] as const);
    const extent = { c: icg, h: lines, w: p.ow };
    const source = { c: x.c, h: p.sh * x.h, w: p.sw * x.w };
    const column = { c: 0, h: 0, w: p.sw };
    const kernel = frame.kernels.kernel({
      ...{ kind: "copy", dtype: "float32" },
      extents: order.map((axis) => extent[axis]),
      source: order.map((axis) => source[axis]),
      target: { kind: "strided", strides: order.map((axis) => slice[axis]) },
      bounds: [{ extent: p.iw, offset: dx, steps: order.map((axis) => column[axis]) }],
    });
    const inputBy = { image: x.n, group: icg * x.c, part: run.height * p.sh * x.h };
    const from = (firstLine * p.sh + phaseOfRows) * x.h + dx * x.w;
    const copy: Step = {
      kernel,
      at: { source: { of: "input", ...affine(from, inputBy) }, target: { of: "slice", at: 0 } },
    };
    const products = taps.map((tap) =>
      tapStep(frame, edges, {
        ...{ tap, rows: tap.y1 - tap.y0, cols: p.ow, of: "slice", row: tap.y0, col: 0 },
        b: { kind: "plain", k: slice.c, row: slice.h, col: slice.w },
        from: (tap.y0 + Math.floor(tap.dy / p.sh) - firstLine) * slice.h,
        fromBy: {},
        rowBy: { part: run.height },
      }),
    );
    return [copy, ...products];
  }
}
