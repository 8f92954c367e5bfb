import type { Capabilities } from "@leanconv/gemm";
import type { Case } from "./case.ts";
import { fitProfile } from "./fit/fit-profile.ts";
import { type GemmShape, gemmCase } from "./gemm-case.ts";
import { moveCase, tilesCase } from "./move-case.ts";
import { type Shape, shapeKey, type Timings } from "./timings.ts";

const nobody = {
  machine: { cpu: "", runtime: "" },
  provider: { name: "", identity: "" },
  threads: { count: 1, speedup: 1, barrierSeconds: 0 },
};

/**
 * Everything that a profile is fitted from, each once: what a fit asks for, found by letting one ask. Of what it can do
 * without, products of more than `mostFlops` are left out.
 */
export function caseList(capabilities: Capabilities, thorough: boolean, mostFlops: number): ReadonlyMap<string, Case> {
  const asked = new Map<string, Case>();
  const need = (shape: Shape): number => {
    asked.set(shapeKey(shape), caseOfShape(shape));
    return 1;
  };
  const times: Timings = { need, ifTimed: (shape) => (flopsOf(shape) <= mostFlops ? need(shape) : undefined) };
  fitProfile(nobody, { capabilities, times, thorough, functionTimes: [] });
  return asked;
}

function caseOfShape(shape: Shape): Case {
  if ("m" in shape) return gemmCase(shape);
  return "tiles" in shape ? tilesCase(shape) : moveCase(shape);
}

/** Weights that lie far are worth more time: a provider that takes longer for them computes so slowly that they never do. */
const farAllowance = 10;

function flopsOf({ m, rows, cols, channels, side = 1, copies = 0 }: GemmShape): number {
  const flops = 2 * m * rows * cols * channels * side * side;
  return copies > 0 ? (flops * copies) / farAllowance : flops;
}
