import type { Capabilities } from "@leanconv/gemm";
import type { Case } from "./case.ts";
import { type GemmShape, gemmCase } from "./gemm-case.ts";
import { type MoveShape, moveCase, tilesCase } from "./move-case.ts";
import {
  callShape,
  crossedShapes,
  depthwiseShape,
  depthwiseSides,
  depthwiseStrides,
  depthwiseWidths,
  fewRows,
  gridShape,
  gridSizes,
  kinds,
  layouts,
  manyRows,
  moveShapes,
  patchShapes,
  rowShapes,
  rowWidths,
  spillShapes,
  strides,
  tailShapes,
  tileSides,
  updateShapes,
} from "./shapes.ts";

export const tilesTimed = 256;

/** Times of shapes, by what they are. */
export class Timings {
  readonly #seconds: ReadonlyMap<string, number>;

  constructor(seconds: ReadonlyMap<string, number>) {
    this.#seconds = seconds;
  }

  /** Of one call; undefined for what was too much work to be timed. */
  of(shape: GemmShape | MoveShape | { readonly tiles: number }): number | undefined {
    return this.#seconds.get(JSON.stringify(shape));
  }
}

/** Everything that a profile is fitted from, each once, products of at most `mostFlops`. */
export function caseList(capabilities: Capabilities, thorough: boolean, mostFlops: number): ReadonlyMap<string, Case> {
  const cases = new Map<string, Case>();
  const gemm = (shape: GemmShape): void => {
    const { m, rows, cols, channels, side = 1 } = shape;
    if (2 * m * rows * cols * channels * side * side <= mostFlops) cases.set(JSON.stringify(shape), gemmCase(shape));
  };
  for (const layout of layouts) {
    gemm(callShape(layout));
    for (const shape of Object.values(tailShapes(layout, capabilities))) gemm(shape);
    for (const shape of Object.values(updateShapes(layout))) gemm(shape);
    for (const m of [fewRows, manyRows]) {
      for (const stride of strides[layout]) for (const [, shape] of patchShapes(layout, stride, m)) gemm(shape);
      for (const shape of Object.values(crossedShapes(layout, m))) gemm(shape);
    }
    for (const stride of depthwiseStrides)
      for (const side of depthwiseSides)
        for (const cols of depthwiseWidths) gemm(depthwiseShape(layout, stride, side, cols));
    for (const kind of kinds) {
      const { m, images, depths } = gridSizes(kind, thorough);
      for (const rows of m)
        for (const image of images) for (const depth of depths) gemm(gridShape(kind, layout, rows, image, depth));
    }
  }
  for (const cols of rowWidths) for (const shape of Object.values(rowShapes(cols))) gemm(shape);
  for (const shape of [...moveShapes(), ...spillShapes(thorough), tinyMove])
    cases.set(JSON.stringify(shape), moveCase(shape));
  for (const tiles of tileSides) cases.set(JSON.stringify({ tiles }), tilesCase(tiles, tilesTimed));
  return cases;
}

/** A move of next to nothing: what a call costs. */
export const tinyMove: MoveShape = { kind: "copy", form: "contiguous", inner: 4, outer: 1 };
