import { type ConvProblem, directAt, type ErrorClass, errorBound, type StridedView } from "leanconv";
import type { CaseTensors } from "./case-problem.ts";

/** Every expected element: where it is, what it is and how far a result may lie from it. */
export interface Expectation {
  readonly at: readonly [n: number, oc: number, oy: number, ox: number];
  readonly value: number;
  readonly tolerance: number;
}

/** Of the value: sources of cases print few digits. */
export const usualTolerance = 1e-4;
/** Of the sum of |x * w|, for the rounding of sums. */
const ofMagnitude = 1e-6;

/**
 * The expected output with its tolerances: `relative` of the value, and a part of the sum of |x * w|, for which the
 * oracle is asked at every element, or what the error class allows where that is more.
 */
export function expectations(tensors: CaseTensors, relative: number, errors: ErrorClass): readonly Expectation[] {
  const { problem: p, expected, slopes } = tensors;
  return positions(p).map((at) => {
    const value = elementAt(expected, at);
    const { magnitude } = directAt(p, tensors, ...at, errors.tile);
    const slope = slopes?.[slopes.length === 1 ? 0 : at[1]];
    const ofSums = errors.tile === 1 ? ofMagnitude * magnitude : errorBound(p, magnitude, slope, errors);
    return { at, value, tolerance: relative * Math.abs(value) + ofSums };
  });
}

/** The largest distance from the expected output, and whether every element lies within its tolerance. */
export function compareCase(
  output: StridedView,
  expected: readonly Expectation[],
): { readonly good: boolean; readonly maxAbsError: number } {
  let good = true;
  let maxAbsError = 0;
  for (const { at, value, tolerance } of expected) {
    const got = elementAt(output, at);
    const error = Object.is(got, value) ? 0 : Math.abs(got - value);
    // Written so that NaN fails, and stays visible.
    if (!(error <= tolerance)) good = false;
    if (!(error <= maxAbsError)) maxAbsError = error;
  }
  return { good, maxAbsError };
}

function positions(p: ConvProblem): (readonly [number, number, number, number])[] {
  const all: [number, number, number, number][] = [];
  for (let n = 0; n < p.n; n++) {
    for (let oc = 0; oc < p.oc; oc++) {
      for (let oy = 0; oy < p.oh; oy++) for (let ox = 0; ox < p.ow; ox++) all.push([n, oc, oy, ox]);
    }
  }
  return all;
}

function elementAt({ data, offset, stride }: StridedView, [n, c, y, x]: readonly number[]): number {
  return data[offset + n * stride[0] + c * stride[1] + y * stride[2] + x * stride[3]];
}
