import type { MachineProfile } from "./machine-profile.ts";

/** What a number of threads makes of a program. */
export type Team = MachineProfile["threads"];

const alone: Team = { count: 1, speedup: 1, barrierSeconds: 0 };

/** Waiting for each other, where it was not measured: about three times what two threads of wasm on two cores take. */
const barrierSeconds = 1e-6;

/**
 * The team of so many threads: as measured; else from the largest smaller one that was, or one thread, whose every
 * further thread is taken to add half of what it ideally would. That is meant to be too little, so that memory is not
 * spent on threads that may not pay. Barriers are not shorter than the measured ones.
 */
export function teamOf(measured: readonly Team[], count: number): Team {
  const base = measured
    .filter((team) => team.count <= count)
    .reduce((best, team) => (team.count > best.count ? team : best), alone);
  if (base.count === count) return base;
  return {
    count,
    speedup: base.speedup + (count - base.count) / 2,
    barrierSeconds: Math.max(barrierSeconds, ...measured.map((team) => team.barrierSeconds)),
  };
}

/** Seconds of a program of so many phases that takes one thread `seconds`. */
export function sharedSeconds({ speedup, barrierSeconds }: Team, seconds: number, phases: number): number {
  return seconds / speedup + phases * barrierSeconds;
}
