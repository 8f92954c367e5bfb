import { convError } from "@leanconv/core";
import { affine, type Guarded, loop, type Node, type Step, serial } from "@leanconv/gemm";
import type { Frame } from "../frame.ts";
import { beginSteps, edgesOf, finishSteps, tapStep } from "./plain.ts";
import { punchLines, punchRows } from "./slots.ts";
import { type LiveTap, type StripRun, stripRuns } from "./strips.ts";

/**
 * One long plain GEMM per tap: at stride 1 and equal widths a tap connects pixels at one linear distance, and the
 * columns through which a run would read its neighbour row are zeroed ("punched") meanwhile (algorithms.md sections 3.2
 * to 3.4). The input is changed and put back, also when a kernel throws, so it must be exclusive.
 *
 * Taps to the right need holes at the left border and the other way round; each side is saved and restored once.
 */
export function punchProgram(frame: Frame, rows: number | undefined): readonly Node[] {
  const { p, x, y, icg, kernels } = frame;
  if ((p.ih > 1 && x.h !== p.iw * x.w) || (p.oh > 1 && y.h !== p.ow * y.w)) {
    throw convError("unsupported.strides", {
      where: "punch",
      what: "runs over several rows need dense rows",
      got: { input: x, output: y },
    });
  }
  if (sharesColumns(frame)) {
    throw convError("unsupported.strides", {
      where: "punch",
      what: "a hole in one column of the input is a hole in another where they share elements",
      got: x,
    });
  }
  const edges = edgesOf(frame);
  const savedRows = punchRows(p, rows ?? p.oh);
  return stripRuns(p, rows ?? p.oh).flatMap((run) => {
    const nodes = stripNodes(run);
    return run.times === 1 ? nodes : [loop("strip", run.times, nodes)];
  });

  function stripNodes(run: StripRun): Node[] {
    const centre = run.taps.filter((tap) => tap.dx === 0);
    return [
      ...beginSteps(frame, edges, run, "strip").map((step) => serial(step)),
      ...centre.map((tap) => serial(runStep(run, tap))),
      ...[1, -1].flatMap((side) => sideNodes(run, side)),
      ...finishSteps(frame, edges, run, "strip").map((step) => serial(step)),
    ];
  }

  /** The taps of one side, nearest first, in columns that are punched as far as each needs. */
  function sideNodes(run: StripRun, side: number): Guarded[] {
    const taps = run.taps.filter((tap) => tap.dx * side > 0).sort((a, b) => (a.dx - b.dx) * side);
    if (taps.length === 0) return [];
    const [first, end] = rows === undefined ? ([0, p.ih] as const) : punchLines(taps);
    const reach = Math.abs(taps[taps.length - 1].dx);
    const lines = end - first;
    const body: Node[] = [];
    let punched = 0;
    for (const tap of taps) {
      const width = Math.abs(tap.dx);
      if (width > punched) body.push(serial(fillHoles(first, lines, side, punched, width, run)));
      punched = width;
      body.push(serial(runStep(run, tap)));
    }
    return [
      {
        kind: "guarded",
        save: [serial(moveColumns(first, lines, side, reach, run, "save"))],
        body,
        restore: [serial(moveColumns(first, lines, side, reach, run, "restore"))],
      },
    ];
  }

  function inputAt(
    line: number,
    column: number,
    run: StripRun,
  ): { of: string; at: number; by?: Record<string, number> } {
    const by = { image: x.n, group: icg * x.c, ...(run.times > 1 && { strip: run.height * x.h }) };
    return { of: "input", ...affine(line * x.h + column * x.w, by) };
  }

  function fillHoles(first: number, lines: number, side: number, from: number, to: number, run: StripRun): Step {
    const kernel = kernels.kernel({
      ...{ kind: "fill", dtype: "float32", value: 0 },
      extents: [icg, lines, to - from],
      target: [x.c, x.h, x.w],
    });
    return { kernel, at: { target: inputAt(first, side > 0 ? from : p.iw - to, run) } };
  }

  function moveColumns(
    first: number,
    lines: number,
    side: number,
    reach: number,
    run: StripRun,
    direction: "save" | "restore",
  ): Step {
    const image = [x.c, x.h, x.w];
    const saved = [savedRows * reach, reach, 1];
    const toSaved = direction === "save";
    const kernel = kernels.kernel({
      ...{ kind: "copy", dtype: "float32", extents: [icg, lines, reach] },
      source: toSaved ? image : saved,
      target: { kind: "strided", strides: toSaved ? saved : image },
    });
    const input = inputAt(first, side > 0 ? 0 : p.iw - reach, run);
    const slot = { of: "saved", at: 0 };
    return { kernel, at: toSaved ? { source: input, target: slot } : { source: slot, target: input } };
  }

  /** The clipped run of one tap: outputs lo to hi, all rows in one product (section 3.4). */
  function runStep(run: StripRun, tap: LiveTap): Step {
    const lo = tap.y0 * p.ow + Math.max(0, -tap.dx);
    const hi = tap.y1 * p.ow - Math.max(0, tap.dx);
    const strip: Record<string, number> = run.times > 1 ? { strip: run.height } : {};
    return tapStep(frame, edges, {
      ...{ tap, rows: 1, cols: hi - lo, of: "input", row: tap.y0, col: lo - tap.y0 * p.ow, flat: true },
      b: { kind: "plain", k: x.c, row: 0, col: x.w },
      from: (lo + tap.dy * p.iw + tap.dx) * x.w,
      fromBy: { image: x.n, group: icg * x.c, ...(run.times > 1 && { strip: run.height * x.h }) },
      rowBy: strip,
    });
  }
}

/** Whether an element of the input belongs to two columns: repeated columns, or channels that overlap like windows. */
function sharesColumns({ p, x, icg }: Frame): boolean {
  const [w, c] = [Math.abs(x.w), Math.abs(x.c)];
  if (p.iw > 1 && w === 0) return true;
  const isApart = c === 0 || c >= p.ih * p.iw * w || w >= c * icg;
  return icg > 1 && p.ih * p.iw > 1 && !isApart;
}
