import { type ConvProblem, directAt, directSums, type ErrorClass, errorBound, type StridedView } from "leanconv";
import type { Position } from "./check-positions.ts";

/** What a comparison with the oracle found. */
export interface OutputCheck {
  readonly positions: number;
  /** Positions that lie further from the oracle than correct results can. */
  readonly wrong: number;
  /** The largest distance from the float64 value. */
  readonly maxError: number;
}

export interface CheckedTensors {
  readonly input: StridedView;
  readonly filter: StridedView;
  readonly output: StridedView;
  readonly bias?: Float32Array;
  readonly slopes?: Float32Array;
}

/** Compares an output with float64 sums at the given positions, by the bound of an error class. */
export function checkOutput(
  p: ConvProblem,
  tensors: CheckedTensors,
  positions: readonly Position[],
  errors: ErrorClass = directSums,
): OutputCheck {
  const { output, slopes } = tensors;
  const [sn, sc, sh, sw] = output.stride;
  let wrong = 0;
  let maxError = 0;
  for (const [n, oc, oy, ox] of positions) {
    const { value, magnitude } = directAt(p, tensors, n, oc, oy, ox, errors.tile);
    const error = Math.abs(output.data[output.offset + n * sn + oc * sc + oy * sh + ox * sw] - value);
    // Written so that NaN is wrong, and stays visible.
    if (!(error <= errorBound(p, magnitude, slopes?.[slopes.length === 1 ? 0 : oc], errors))) wrong++;
    if (!(error <= maxError)) maxError = error;
  }
  return { positions: positions.length, wrong, maxError };
}
