import { type Node, part, phase, type Step } from "@leanconv/gemm";
import type { Frame } from "../frame.ts";
import { beginSteps, edgesOf, finishSteps, tapStep } from "./plain.ts";
import { type LiveTap, type StripRun, stripRuns } from "./strips.ts";

/**
 * One plain GEMM per tap and output row (algorithms.md section 3.6): no workspace, any geometry, exactly the useful
 * products. Whole: the rows of a tap are the parts of a phase. In strips: taps and rows loop inside a strip.
 */
export function rowsProgram(frame: Frame, rows: number | undefined): readonly Node[] {
  const edges = edgesOf(frame);
  if (rows === undefined) {
    const [run] = stripRuns(frame.p, frame.p.oh);
    return [
      ...beginSteps(frame, edges, run, "part").map((step) => phase(part(1, step))),
      ...run.taps.map((tap) => phase(part(tap.y1 - tap.y0, rowStep(frame, run, tap, "part")))),
      ...finishSteps(frame, edges, run, "part").map((step) => phase(part(1, step))),
    ];
  }
  const parts = stripRuns(frame.p, rows).map((run) =>
    part(
      run.times,
      ...beginSteps(frame, edges, run, "part"),
      ...run.taps.map((tap) => rowStep(frame, run, tap, "step")),
      ...finishSteps(frame, edges, run, "part"),
    ),
  );
  return [phase(...parts)];

  function rowStep(frame: Frame, run: StripRun, tap: LiveTap, counter: "part" | "step"): Step {
    const { p, x, icg } = frame;
    const line = tap.y0 * p.sh + tap.dy;
    const column = tap.x0 * p.sw + tap.dx;
    const strips: Record<string, number> = counter === "step" ? { part: run.height } : {};
    return tapStep(frame, edges, {
      ...{ tap, rows: 1, cols: tap.x1 - tap.x0, of: "input", row: tap.y0, col: tap.x0 },
      b: { kind: "plain", k: x.c, row: 0, col: p.sw * x.w },
      from: line * x.h + column * x.w,
      fromBy: {
        ...{ image: x.n, group: icg * x.c, [counter]: p.sh * x.h },
        ...(counter === "step" && { part: run.height * p.sh * x.h }),
      },
      rowBy: { [counter]: 1, ...strips },
      ...(counter === "step" && { times: tap.y1 - tap.y0 }),
    });
  }
}
