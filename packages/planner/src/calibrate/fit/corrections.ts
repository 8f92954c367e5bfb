import type { GemmWork } from "@leanconv/gemm";
import type { Curve, Grid } from "../../cost/interpolate.ts";
import type { BringTerms, LayoutTerms } from "../../cost/machine-profile.ts";
import { elementsOfB, elementsOfC, type GemmShape } from "../gemm-case.ts";
import {
  crossedShapes,
  depthwiseKernels,
  depthwiseShape,
  depthwiseWidths,
  farShapes,
  fewRows,
  finishShapes,
  lineShapes,
  lineStrides,
  manyRows,
  rowShapes,
  rowWidths,
  tailShapes,
  tapShapes,
  updateShapes,
} from "../shapes.ts";
import type { Timings } from "../timings.ts";
import type { Measured } from "./measured.ts";

type Layout = GemmWork["layout"];

/** All terms but the rates, and but what needs them. */
export function correctionTerms(layout: Layout, { capabilities, times }: Measured, call: number): LayoutTerms {
  const none: Grid = { m: [1], n: [1], k: [1], values: [1] };
  const tails = tailShapes(layout, capabilities);
  const whole = times.need(tails.whole) - call;
  const tiles = { m: 2, n: 4 };
  const tail = (axis: "m" | "n"): number =>
    clamp((tiles[axis] * (times.need(tails[axis]) - call - whole)) / whole, 0, 1);
  const { bare, finished } = finishShapes(layout);
  const crossed = [fewRows, manyRows].map((m) => {
    const shapes = crossedShapes(layout, m);
    return (times.need(shapes.crossed) - times.need(shapes.straight)) / elementsOfB(shapes.straight);
  });
  return {
    rates: { plain: none, tap: none, patch: none, panels: none },
    tail: { m: tail("m"), n: tail("n") },
    lines: lineStrides[layout].map((stride) => ({
      stride,
      // Beyond the longest line at stride 1.
      ...bringTerms((m) => [lineShapes(layout, stride, m), lineShapes(layout, 1, m)], times),
    })),
    taps: bringTerms((m) => [tapShapes(layout, m), tapShapes(layout, m)], times),
    crossed: split(crossed[0], crossed[1]),
    updateSeconds: updateCurve(layout, times),
    lineByLine: 0,
    finishSeconds: Math.max(0, times.need(finished) - times.need(bare)) / elementsOfC(bare),
    rowEndSeconds: {
      at: rowWidths,
      values: rowWidths.map((cols) => {
        const { flat, apart } = rowShapes(cols);
        return Math.max(0, times.need(apart) - times.need(flat)) / elementsOfC(flat);
      }),
    },
    depthwise: depthwiseKernels.map(([stride, side]) => {
      const shapes = depthwiseWidths.map((cols) => depthwiseShape(layout, stride, side, cols));
      const perMac = (shape: GemmShape): number =>
        Math.max(0, times.need(shape) - call) / ((shape.depthwise ?? 1) * elementsOfB(shape));
      return { stride, taps: side * side, macSeconds: { at: depthwiseWidths, values: shapes.map(perMac) } };
    }),
  };
}

/** As far as the shapes were not too much work to be timed. */
function updateCurve(layout: Layout, times: Timings): Curve {
  const points = updateShapes(layout).flatMap(({ once, again }) => {
    const [first, second] = [times.ifTimed(once), times.ifTimed(again)];
    if (first === undefined || second === undefined) return [];
    return [[4 * elementsOfC(once), Math.max(0, second - first) / elementsOfC(once)] as const];
  });
  if (points.length === 0) return { at: [1], values: [0] };
  return { at: points.map(([bytes]) => bytes), values: points.map(([, seconds]) => seconds) };
}

/** What shapes cost more than the last of others, for an element of B. */
function bringTerms(
  shapes: (m: number) => readonly [own: ReturnType<typeof tapShapes>, base: ReturnType<typeof tapShapes>],
  times: Timings,
): BringTerms {
  const perElement = (m: number): readonly number[] => {
    const [own, base] = shapes(m);
    const [, last] = base[base.length - 1];
    const least = times.need(last) / elementsOfB(last);
    return own.map(([, shape]) => times.need(shape) / elementsOfB(shape) - least);
  };
  const [few, many] = [perElement(fewRows), perElement(manyRows)];
  const at = shapes(fewRows)[0].map(([size]) => size);
  const parts = few.map((seconds, i) => split(seconds, many[i]));
  return {
    elementSeconds: { at, values: parts.map(({ elementSeconds }) => elementSeconds) },
    rowSeconds: { at, values: parts.map(({ rowSeconds }) => rowSeconds) },
  };
}

/** What is paid once, and with every row, from the sums with few and with many rows. Nothing is negative. */
function split(few: number, many: number): { readonly elementSeconds: number; readonly rowSeconds: number } {
  const rowSeconds = clamp((many - few) / (manyRows - fewRows), 0, Math.max(0, few) / fewRows);
  return { elementSeconds: Math.max(0, few - fewRows * rowSeconds), rowSeconds };
}

/** What weights of so many bytes take over those that stay in the nearest caches, for a byte, as far as it was timed. */
export function farCurve(times: Timings): Curve {
  const timed = farShapes().flatMap(([bytes, shape]) => {
    const seconds = times.ifTimed(shape);
    return seconds === undefined ? [] : [{ bytes, perByte: seconds / bytes }];
  });
  if (timed.length === 0) return { at: [1], values: [0] };
  // A smaller one is never farther. Whoever else uses a cache only makes it smaller: what says otherwise is noise.
  const farthest = (at: number): number => Math.min(...timed.slice(at).map(({ perByte }) => perByte));
  const values = timed.map((_, at) => Math.max(0, farthest(at) - timed[0].perByte));
  return { at: timed.map(({ bytes }) => bytes), values };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
