import type { ConvProblem } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import { activationFunction } from "@leanconv/gemm";
import { dotAt } from "./dot.ts";
import { checkOperands, type DirectOperands, slopeOf } from "./operands.ts";
import { tileMagnitude } from "./tile-magnitude.ts";

/** One output in float64. */
export interface DirectPoint {
  /** After bias and activation, not rounded. */
  readonly value: number;
  /**
   * The sum of |w| |x|, with |bias|, before the activation: what `errorBound` measures by. With a tile, |x| is the largest
   * of a channel among the inputs of the tile.
   */
  readonly magnitude: number;
}

/**
 * Computes a single output, for spot checks of layers that are too large to compute in full. Allocates the point.
 * @param tile Side of the tiles of outputs that share their errors, from the algorithm's error class.
 * @throws `argument.range` for a position outside of the output, and the codes of `directConv2d`.
 */
export function directAt(
  p: ConvProblem,
  operands: DirectOperands,
  n: number,
  oc: number,
  oy: number,
  ox: number,
  tile = 1,
): DirectPoint {
  checkOperands(p, operands);
  const position = [n, oc, oy, ox];
  const shape = [p.n, p.oc, p.oh, p.ow];
  if (position.some((index, axis) => !Number.isInteger(index) || index < 0 || index >= shape[axis])) {
    const wanted = `n, oc, oy, ox inside [${shape.join(", ")}]`;
    throw convError("argument.range", { where: "directAt", what: "there is no such output", got: position, wanted });
  }
  const { input, filter, bias, slopes } = operands;
  const start = bias === undefined ? 0 : bias[oc];
  const sum = dotAt(p, input, filter, n, oc, oy, ox, false) + start;
  const magnitude =
    tile === 1
      ? dotAt(p, input, filter, n, oc, oy, ox, true)
      : tileMagnitude(p, input, filter, n, oc, Math.floor(oy / tile) * tile, Math.floor(ox / tile) * tile, tile);
  return {
    value: activationFunction(p.activation)(sum, slopeOf(slopes, oc)),
    magnitude: magnitude + Math.abs(start),
  };
}
