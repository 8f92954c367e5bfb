import { type ConvError, convError } from "@leanconv/core";
import { smallestCandidate } from "./candidates.ts";
import type { Candidate, RatedCandidate } from "./plan.ts";
import { advice, groupedReasons } from "./refusals.ts";
import { formatBytes } from "./units.ts";

/**
 * The error for a list of layers that no choice fits. The least budget that works is that of the layer whose smallest
 * candidate is the largest, so that layer is the one named: with the budget it asks for, all others fit too.
 */
export function nothingFits(
  layers: readonly { readonly name: string; readonly candidates: readonly Candidate[] }[],
  budgetBytes: number,
): ConvError {
  let worst: { readonly name: string; readonly smallest: RatedCandidate } | undefined;
  for (const { name, candidates } of layers) {
    const smallest = smallestCandidate(candidates);
    if (smallest === undefined) return nothingTakes(name, candidates);
    if (worst === undefined || smallest.workspaceBytes > worst.smallest.workspaceBytes) worst = { name, smallest };
  }
  if (worst === undefined) {
    return convError("internal.invariant", { where: "planLayers", what: "an empty plan found no choice" });
  }
  const { name, smallest } = worst;
  const { algorithm, variant, workspaceBytes } = smallest;
  return convError("resource.over-budget", {
    where: `layer ${name}`,
    what: "no algorithm fits the workspace budget",
    got: `${budgetBytes} bytes (${formatBytes(budgetBytes)})`,
    wanted: `at least ${workspaceBytes} bytes (${formatBytes(workspaceBytes)}), for ${algorithm} ${variant.form}`,
    fix: `raise the budget to ${workspaceBytes} bytes: all layers fit then`,
    details: { layer: name, budgetBytes, smallestBytes: workspaceBytes, algorithm },
  });
}

/** No budget helps: every candidate refuses the layer. Its first reason stands for all. */
export function nothingTakes(name: string, candidates: readonly Candidate[]): ConvError {
  const [first] = candidates;
  if (first === undefined) {
    return convError("argument.name", {
      where: `layer ${name}`,
      what: "no candidates",
      fix: "pass algorithms, for instance allAlgorithms",
      details: { layer: name },
    });
  }
  return convError(first.status as Exclude<typeof first.status, "chosen" | "eligible">, {
    where: `layer ${name}`,
    what: "every candidate refuses it",
    got: groupedReasons(candidates),
    fix: advice(candidates),
    details: { layer: name, codes: candidates.map(({ status }) => status) },
  });
}
