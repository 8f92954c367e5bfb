import type { Capabilities, GemmWork } from "@leanconv/gemm";
import type { RateKind } from "../cost/machine-profile.ts";
import type { Case } from "./case.ts";
import { type GemmShape, gemmCase } from "./gemm-case.ts";
import { type MoveShape, moveCase, type TilesShape, tilesCase } from "./move-case.ts";
import {
  callShape,
  crossedShapes,
  depthwiseKernels,
  depthwiseShape,
  depthwiseWidths,
  fewRows,
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
  updateShapes,
} from "./shapes.ts";

type Layout = GemmWork["layout"];

/** Times of shapes, by what they are. */
export class Timings {
  readonly #seconds: ReadonlyMap<string, number>;

  constructor(seconds: ReadonlyMap<string, number>) {
    this.#seconds = seconds;
  }

  /** Of one call; undefined for what was too much work to be timed. */
  of(shape: GemmShape | MoveShape | TilesShape): number | undefined {
    return this.#seconds.get(JSON.stringify(shape));
  }
}

/** Everything that a profile is fitted from, each once. The grid of rates leaves out products of more than `mostFlops`. */
export function caseList(capabilities: Capabilities, thorough: boolean, mostFlops: number): ReadonlyMap<string, Case> {
  const products = [...layouts.flatMap((layout) => layoutShapes(layout, capabilities)), ...rowWidths.flatMap(bothRows)];
  const grids = layouts.flatMap((layout) => kinds.flatMap((kind) => gridShapes(kind, layout, thorough)));
  const moves = [...moveShapes(), ...spillShapes(thorough), tinyMove];
  const entry = (shape: object, one: Case): readonly [string, Case] => [JSON.stringify(shape), one];
  return new Map([
    ...products.map((shape) => entry(shape, gemmCase(shape))),
    ...grids.filter((shape) => flopsOf(shape) <= mostFlops).map((shape) => entry(shape, gemmCase(shape))),
    ...moves.map((shape) => entry(shape, moveCase(shape))),
    ...(["tiles", "tiles-deep"] as const).flatMap((form) =>
      tileSides.flatMap((side) => tilesShapes(form, side).map((shape) => entry(shape, tilesCase(shape)))),
    ),
  ]);
}

/** All products of a layout but those on the grid. */
function layoutShapes(layout: Layout, capabilities: Capabilities): readonly GemmShape[] {
  const depthwise = depthwiseKernels.flatMap(([stride, side]) =>
    depthwiseWidths.map((cols) => depthwiseShape(layout, stride, side, cols)),
  );
  const brought = [fewRows, manyRows].flatMap((m) => [
    ...lineStrides[layout].flatMap((stride) => lineShapes(layout, stride, m).map(([, shape]) => shape)),
    ...tapShapes(layout, m).map(([, shape]) => shape),
    ...Object.values(crossedShapes(layout, m)),
  ]);
  const tails = Object.values(tailShapes(layout, capabilities));
  return [callShape(layout), ...tails, ...Object.values(updateShapes(layout)), ...brought, ...depthwise];
}

function gridShapes(kind: RateKind, layout: Layout, thorough: boolean): readonly GemmShape[] {
  const { m, images, depths } = gridSizes(kind, thorough);
  return m.flatMap((rows) =>
    images.flatMap((image) => depths.map((depth) => gridShape(kind, layout, rows, image, depth))),
  );
}

function bothRows(cols: number): readonly GemmShape[] {
  return Object.values(rowShapes(cols));
}

function flopsOf({ m, rows, cols, channels, side = 1 }: GemmShape): number {
  return 2 * m * rows * cols * channels * side * side;
}

/** A move of next to nothing: what a call costs. */
export const tinyMove: MoveShape = { kind: "copy", form: "contiguous", inner: 1, outer: 1 };
