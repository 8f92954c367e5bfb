import type { MachineProfile } from "../../cost/machine-profile.ts";
import { callShape, layouts, tinyMove } from "../shapes.ts";
import { correctionTerms, farCurve } from "./corrections.ts";
import type { Measured } from "./measured.ts";
import { moveTerms, spillCurve } from "./moves.ts";
import { nodeTerms } from "./nodes.ts";
import { withRates } from "./rates.ts";

type Head = Pick<MachineProfile, "machine" | "provider" | "threads">;

/**
 * Turns times into the terms of the model: corrections each from a difference of two shapes or from one, then rates from
 * what is left.
 */
export function fitProfile(head: Head, measured: Measured): MachineProfile {
  const { times } = measured;
  const gemmCall = Math.min(...layouts.map((layout) => times.need(callShape(layout))));
  const moveCall = times.need(tinyMove);
  const corrected: MachineProfile = {
    version: 1,
    ...head,
    callSeconds: { gemm: gemmCall, move: moveCall },
    nchw: correctionTerms("nchw", measured, gemmCall),
    nhwc: correctionTerms("nhwc", measured, gemmCall),
    moves: moveTerms(times, moveCall),
    far: farCurve(times),
    spill: spillCurve(measured, moveCall),
  };
  return {
    ...corrected,
    nchw: withRates("nchw", corrected, measured),
    nhwc: withRates("nhwc", corrected, measured),
    nodes: nodeTerms(measured.functionTimes),
  };
}
