import type { GemmShape } from "./gemm-case.ts";
import type { MoveShape, TilesShape } from "./move-case.ts";

export type Shape = GemmShape | MoveShape | TilesShape;

/** Seconds of one call, by shape. */
export interface Timings {
  /** Of what a profile cannot do without. */
  need(shape: Shape): number;
  /** Of what it can do without, such as one rate of a grid; undefined where it was too much work to be timed. */
  ifTimed(shape: GemmShape): number | undefined;
}

/** By what shapes are. */
export function shapeKey(shape: Shape): string {
  return JSON.stringify(shape);
}

/** Times by the keys of their shapes. */
export function timingsOf(seconds: ReadonlyMap<string, number>): Timings {
  return {
    ifTimed: (shape) => seconds.get(shapeKey(shape)),
    need(shape) {
      const found = seconds.get(shapeKey(shape));
      if (found === undefined) throw new Error(`not timed: ${shapeKey(shape)}`);
      return found;
    },
  };
}
