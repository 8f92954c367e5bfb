import { bytesPerElement, type Capabilities, type GemmDescriptor, type GemmWork, gemmWork } from "@leanconv/gemm";
import { type FunctionTerms, type NodeTerms, windowOf } from "../cost/function-terms.ts";
import type { Curve, Grid } from "../cost/interpolate.ts";
import type { BringTerms, LayoutTerms, MachineProfile, MoveTerms, RateKind } from "../cost/machine-profile.ts";
import { besidesSeconds, gridSeconds, tileSide, wholeTiles } from "../cost/profile-cost-model.ts";
import { type FunctionCase, normCases, poolCases } from "./function-case.ts";
import { type GemmShape, gemmCase } from "./gemm-case.ts";
import { type MoveShape, pointsOf } from "./move-case.ts";
import {
  apartShape,
  callShape,
  crossedShapes,
  depthwiseKernels,
  depthwiseShape,
  depthwiseWidths,
  farShapes,
  fewRows,
  finishShapes,
  gridShape,
  gridSizes,
  kinds,
  layouts,
  lineShapes,
  lineStrides,
  manyRows,
  moveShapes,
  rowShapes,
  rowWidths,
  spillShapes,
  tailShapes,
  tapShapes,
  tileSides,
  tilesShapes,
  tinyMove,
  updateShapes,
} from "./shapes.ts";
import type { Timings } from "./timings.ts";

type Layout = GemmWork["layout"];
type Head = Pick<MachineProfile, "machine" | "provider" | "threads">;

/** Smaller products are over in about the time of a call. */
const measurableFlops = 1e5;

/** Turns times into the terms of the model, each from a difference of two shapes or from one, and rates from the rest. */
export function fitProfile(
  head: Head,
  capabilities: Capabilities,
  times: Timings,
  thorough: boolean,
  functionTimes: readonly number[],
): MachineProfile {
  const gemmCall = Math.min(...layouts.map((layout) => times.need(callShape(layout))));
  const moveCall = times.need(tinyMove);
  const small: MachineProfile = {
    version: 1,
    ...head,
    callSeconds: { gemm: gemmCall, move: moveCall },
    nchw: layoutTerms("nchw", capabilities, times, gemmCall),
    nhwc: layoutTerms("nhwc", capabilities, times, gemmCall),
    moves: moveTerms(times, moveCall),
    far: farCurve(times),
    spill: spillCurve(times, moveCall, thorough),
  };
  const rated = (layout: Layout): LayoutTerms => {
    const all = kinds.map((kind) => rateGrid(kind, layout, small, { capabilities, times, thorough }));
    // What is left when corrections are taken off says little where they are most of it: no product is faster than the
    // fastest that was seen, of its kind or of plain ones, with nothing taken off.
    const plain = all[kinds.indexOf("plain")].fastest;
    const capped = all.map(({ grid, fastest }) => {
      const most = Math.max(plain, fastest);
      return most > 0 ? { ...grid, values: grid.values.map((rate) => Math.min(rate, most)) } : grid;
    });
    const rates = Object.fromEntries(kinds.map((kind, index) => [kind, capped[index]]));
    return { ...small[layout], rates: rates as unknown as LayoutTerms["rates"] };
  };
  const split = (layout: Layout): LayoutTerms => {
    const terms = rated(layout);
    return { ...terms, lineByLine: lineByLine({ ...small, [layout]: terms }, layout, capabilities, times) };
  };
  return { ...small, nchw: split("nchw"), nhwc: split("nhwc"), nodes: nodeTerms(functionTimes) };
}

/** Where between the time of one product and that of one for every line a product lies. */
function lineByLine(profile: MachineProfile, layout: Layout, capabilities: Capabilities, times: Timings): number {
  const shape = apartShape(layout);
  const work: GemmWork = { ...workOf(shape), count: 1 };
  const own = times.need(shape) - profile.callSeconds.gemm - besidesSeconds(profile, work, 4 * work.m * work.k);
  const together = gridSeconds(profile, work, capabilities, work.n);
  const apart = (work.n / work.line) * gridSeconds(profile, work, capabilities, work.line);
  return apart > together ? clamp((own - together) / (apart - together), 0, 1) : 0;
}

/** From the times of two pools and of two normalisations. */
function nodeTerms(times: readonly number[]): NodeTerms {
  return { pool: functionTerms(poolCases, times), norm: functionTerms(normCases, times.slice(poolCases.length)) };
}

function functionTerms(cases: readonly FunctionCase[], times: readonly number[]): FunctionTerms {
  const [few, many] = cases.map(({ node, output: [n, c, h, w] }, index) => ({
    window: windowOf(node),
    seconds: times[index] / (n * c * h * w),
  }));
  const valueSeconds = Math.max(0, (many.seconds - few.seconds) / (many.window - few.window));
  return { outputSeconds: Math.max(0, few.seconds - few.window * valueSeconds), valueSeconds };
}

/** All terms but the rates. */
function layoutTerms(layout: Layout, capabilities: Capabilities, times: Timings, call: number): LayoutTerms {
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
    const [first, second] = [times.onGrid(once), times.onGrid(again)];
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

function rateGrid(
  kind: RateKind,
  layout: Layout,
  profile: MachineProfile,
  { capabilities, times, thorough }: { capabilities: Capabilities; times: Timings; thorough: boolean },
): { readonly grid: Grid; readonly fastest: number } {
  const { tail } = profile[layout];
  const whole = (axis: "m" | "n", size: number): number =>
    wholeTiles(size, tileSide(capabilities, { kind: kind === "tap" ? "patch" : kind, layout }, axis), tail[axis]);
  const { m, images, depths } = gridSizes(kind, thorough);
  const k = depths.map(([channels, side]) => channels * side * side);
  const values: number[] = [];
  let fastest = 0;
  for (const rows of m) {
    images.forEach((image, at) => {
      depths.forEach((depth, index) => {
        const shape = gridShape(kind, layout, rows, image, depth);
        const seconds = times.onGrid(shape);
        if (seconds === undefined) {
          // Too much work to be timed: as fast as the next smaller image, or the next smaller depth or number of rows.
          const back = at > 0 ? depths.length : index > 0 ? 1 : images.length * depths.length;
          values.push(values[values.length - back]);
          return;
        }
        const work: GemmWork = { ...workOf(shape), count: 1 };
        const own = seconds - profile.callSeconds.gemm;
        const flops = 2 * whole("m", work.m) * whole("n", work.n) * work.k;
        // Corrections are differences of times and must not eat up a time.
        values.push(flops / Math.max(own - besidesSeconds(profile, work, 4 * work.m * work.k), seconds / 4));
        if (flops >= measurableFlops) fastest = Math.max(fastest, (2 * work.m * work.n * work.k) / own);
      });
    });
  }
  const n = images.map(([rows, cols]) => whole("n", rows * cols));
  return { grid: { m: m.map((rows) => whole("m", rows)), n, k, values }, fastest };
}

function moveTerms(times: Timings, call: number): readonly MoveTerms[] {
  const groups = Map.groupBy(moveShapes(), ({ kind, form }) => `${kind} ${form}`);
  const simple = [...groups.values()].map((shapes): MoveTerms => {
    const { kind, form } = shapes[0];
    const values = shapes.map((shape) => moveRate(shape, times, call));
    return { kind, form, bytesPerSecond: { at: shapes.map(({ inner }) => inner), values } };
  });
  // A convolution makes both transforms; one rate that gives their sum serves for each.
  const transforms = (["tiles", "tiles-deep"] as const).map((form): MoveTerms => {
    const values = tileSides.map((side) => {
      const both = tilesShapes(form, side);
      const bytes = both.reduce((sum, shape) => sum + bytesPerElement("transform") * pointsOf(shape), 0);
      return (
        bytes /
        Math.max(
          both.reduce((sum, shape) => sum + times.need(shape) - call, 0),
          1e-12,
        )
      );
    });
    return { kind: "transform", form, bytesPerSecond: { at: tileSides, values } };
  });
  return [...simple, ...transforms];
}

function moveRate(shape: MoveShape, times: Timings, call: number): number {
  const bytes = bytesPerElement(shape.kind) * shape.inner * shape.outer;
  return bytes / Math.max(times.need(shape) - call, 1e-12);
}

function spillCurve(times: Timings, call: number, thorough: boolean): Curve {
  const shapes = spillShapes(thorough);
  const rates = shapes.map((shape) => moveRate(shape, times, call));
  return {
    at: shapes.map(({ inner, outer }) => 8 * inner * outer),
    values: rates.map((rate) => Math.max(1, rates[0] / rate)),
  };
}

function farCurve(times: Timings): Curve {
  const shapes = farShapes();
  const perByte = shapes.map(([bytes, shape]) => times.need(shape) / bytes);
  // A larger one is never nearer: what says otherwise is noise.
  let most = 0;
  return {
    at: shapes.map(([bytes]) => bytes),
    values: perByte.map((seconds) => {
      most = Math.max(most, seconds - perByte[0]);
      return most;
    }),
  };
}

function workOf(shape: GemmShape): Omit<GemmWork, "count"> {
  return gemmWork(gemmCase(shape).descriptor as GemmDescriptor, 0, shape.rows);
}

function elementsOfB({ rows, cols, channels, side = 1 }: GemmShape): number {
  return rows * cols * channels * side * side;
}

function elementsOfC({ m, rows, cols }: GemmShape): number {
  return m * rows * cols;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
