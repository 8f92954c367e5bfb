import type { CheckedGraph } from "@leanconv/conv";
import { type ConvError, convError } from "@leanconv/core";
import { peakLive } from "../arena/live.ts";
import type { Selection } from "../select/selection.ts";
import type { Smallest } from "../select/smallest.ts";
import { formatBytes } from "../units.ts";

/**
 * The error for a budget that nothing fits. It names the node at which the smallest plan is fullest and adds up what
 * that plan needs.
 */
export function overBudget(
  { nodes }: CheckedGraph,
  { fixedBytes, outsideBytes }: Selection,
  budgetBytes: number,
  { budgetBytes: smallestBytes, found, proven }: Smallest,
): ConvError {
  const { lifetimes, arena, persistentBytes, usedBytes } = found.total;
  const { time } = peakLive(lifetimes.buffers);
  const node = lifetimes.times.findIndex((at) => at >= time);
  const { name } = nodes[node];
  const sum =
    `${fixedBytes} of the provider's own + ${persistentBytes} of constants and tables + ` +
    `${arena.bytes} of tensors and workspace (fullest at ${name}) = ${usedBytes}, in pages ${smallestBytes - outsideBytes}${outsideBytes > 0 ? `, with ${outsideBytes} outside ${smallestBytes}` : ""}`;
  return convError("resource.over-budget", {
    where: `layer ${name}`,
    what: "the network does not fit the budget",
    got: `${budgetBytes} bytes (${formatBytes(budgetBytes)})`,
    wanted: `at least ${smallestBytes} bytes (${formatBytes(smallestBytes)}): ${sum}`,
    fix: `raise the budget to ${smallestBytes} bytes${proven ? "" : "; the search for less was cut short"}`,
    details: { layer: name, budgetBytes, neededBytes: usedBytes, smallestBytes, proven },
  });
}
