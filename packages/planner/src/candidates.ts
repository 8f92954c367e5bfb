import type { ConvProblem, Variant, VariantContext } from "@leanconv/conv";
import type { CostModel } from "./cost/cost-model.ts";
import { tableBytes } from "./neutral/price.ts";
import { type ConvOffer, type OfferOptions, offersOf } from "./offers.ts";
import { type Candidate, isRated, type RatedCandidate } from "./plan.ts";
import { formatSeconds } from "./units.ts";

/** What all layers of a plan have in common. Without `workspaceBytes` there is no limit. */
export interface Circumstances extends OfferOptions {
  readonly threads: number;
  readonly model: CostModel;
}

/** Every variant of every algorithm for one problem, in their order, with what it needs or why it is refused. */
export function askCandidates(
  problem: ConvProblem,
  context: VariantContext,
  circumstances: Circumstances,
): readonly Candidate[] {
  return offersOf(problem, context, circumstances).map((offer) => rate(problem, offer, circumstances));
}

/**
 * Every variant of every algorithm for one problem, best first: chosen, eligible by predicted time, then those over the
 * limit by size, then the refused in the order of the algorithms. Nothing is chosen where nothing fits.
 */
export function rateCandidates(
  problem: ConvProblem,
  context: VariantContext,
  circumstances: Circumstances,
): readonly Candidate[] {
  const all = askCandidates(problem, context, circumstances);
  const rated = all.filter(isRated);
  const fitting = rated.filter((candidate) => candidate.status === "eligible").sort(byTime);
  const over = rated.filter((candidate) => candidate.status !== "eligible").sort(bySize);
  const unable = all.filter((candidate) => !isRated(candidate));
  const [best, ...rest] = fitting;
  if (best === undefined) return [...over, ...unable];
  const chosen: RatedCandidate = { ...best, status: "chosen", reason: whyChosen(best, rest[0]) };
  return [chosen, ...rest.map((candidate) => ({ ...candidate, reason: whyNot(candidate, best) })), ...over, ...unable];
}

/** The candidate with the smallest workspace, of those that are not refused. */
export function smallestCandidate(candidates: readonly Candidate[]): RatedCandidate | undefined {
  return candidates.filter(isRated).sort(bySize)[0];
}

function rate(problem: ConvProblem, offer: ConvOffer, { provider, model, threads }: Circumstances): Candidate {
  const { algorithm, variant, refusal } = offer;
  if (!("needs" in offer)) return { algorithm, variant, status: offer.refusal.code, reason: offer.refusal.reason };
  const { program, needs } = offer;
  const { workspaceBytes, slotBytes, scratchBytes, packedBytes } = needs;
  return {
    ...{ algorithm, variant },
    status: refusal ? "resource.workspace-limit" : "eligible",
    reason: refusal?.reason ?? "",
    ...{ workspaceBytes, slotBytes, scratchBytes, packedBytes, tableBytes: tableBytes(program, provider) },
    seconds: model.seconds(needs, provider.capabilities, { problem, algorithm, variant }, threads),
  };
}

export const byTime = (a: RatedCandidate, b: RatedCandidate): number =>
  a.seconds - b.seconds || a.workspaceBytes - b.workspaceBytes || byName(a, b);

const bySize = (a: RatedCandidate, b: RatedCandidate): number =>
  a.workspaceBytes - b.workspaceBytes || a.seconds - b.seconds || byName(a, b);

function byName(a: RatedCandidate, b: RatedCandidate): number {
  const [left, right] = [a, b].map(({ algorithm, variant }) =>
    [algorithm, variant.form, parameterKey(variant)].join(" "),
  );
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Parameters in the order of their names, with numbers that compare as text. */
function parameterKey({ parameters }: Variant): string {
  const entries = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, value]) => `${name}=${String(value).padStart(16, "0")}`).join();
}

function whyChosen(best: RatedCandidate, next: RatedCandidate | undefined): string {
  if (next === undefined) return "the only one that fits";
  if (next.seconds > best.seconds) return "least predicted time";
  return next.workspaceBytes > best.workspaceBytes ? "least workspace at equal time" : "first by name at equal cost";
}

function whyNot(candidate: RatedCandidate, best: RatedCandidate): string {
  if (candidate.seconds > best.seconds) {
    return `${formatSeconds(candidate.seconds - best.seconds)} slower than the chosen one`;
  }
  return candidate.workspaceBytes > best.workspaceBytes ? "equal time, more workspace" : "equal cost, later by name";
}
