import { bytesPerElement } from "@leanconv/gemm";
import type { Curve } from "../../cost/interpolate.ts";
import type { MoveTerms } from "../../cost/machine-profile.ts";
import { type MoveShape, pointsOf } from "../move-case.ts";
import { moveShapes, spillShapes, tileSides, tilesShapes } from "../shapes.ts";
import type { Timings } from "../timings.ts";
import type { Measured } from "./measured.ts";

/** Rates by kind, form and the elements of the innermost axis; a call of next to nothing is taken off. */
export function moveTerms(times: Timings, call: number): readonly MoveTerms[] {
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

/** What copies that outgrow the caches take over small ones. */
export function spillCurve({ times, thorough }: Measured, call: number): Curve {
  const shapes = spillShapes(thorough);
  const rates = shapes.map((shape) => moveRate(shape, times, call));
  return {
    at: shapes.map(({ inner, outer }) => 8 * inner * outer),
    values: rates.map((rate) => Math.max(1, rates[0] / rate)),
  };
}
