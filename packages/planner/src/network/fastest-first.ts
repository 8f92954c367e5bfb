import { byTime } from "../candidates.ts";
import { type Candidate, isRated, type RatedCandidate } from "../plan.ts";

/** The candidates with numbers from the fastest on, then the refused. */
export function fastestFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates.filter(isRated).sort(byTime), ...candidates.filter((candidate) => !isRated(candidate))];
}

/** Those that no other of the same layouts beats in seconds, workspace and what stays. Keeps the order, which must be by time. */
export function notBeaten(candidates: readonly RatedCandidate[]): readonly RatedCandidate[] {
  const kept: RatedCandidate[] = [];
  for (const candidate of candidates) if (!kept.some((other) => beats(other, candidate))) kept.push(candidate);
  return kept;
}

/** Whether the first needs no more of anything, given that it is no slower. */
export function beats(a: RatedCandidate, b: RatedCandidate): boolean {
  return (
    a.variant.inputLayout === b.variant.inputLayout &&
    a.variant.outputLayout === b.variant.outputLayout &&
    a.seconds <= b.seconds &&
    a.workspaceBytes <= b.workspaceBytes &&
    a.packedBytes + a.tableBytes <= b.packedBytes + b.tableBytes
  );
}
