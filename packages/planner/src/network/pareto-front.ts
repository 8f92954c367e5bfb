import { convError } from "@leanconv/core";
import { front } from "../select/front.ts";
import { smallestBudget } from "../select/smallest.ts";
import { finishPlan } from "./finish-plan.ts";
import type { NetworkPlan } from "./network-plan.ts";
import { overBudget } from "./over-budget.ts";
import { type Asked, mebibyte, type NetworkOptions, prepare, type Reached, saved, select } from "./plan-network.ts";
import type { NetworkInput } from "./to-graph.ts";

export interface FrontOptions extends NetworkOptions {
  /** Plans that differ by less are taken for one. Default: the provider's page, which leaves out nothing. */
  readonly stepBytes?: number | undefined;
}

/** One way to run a network that no other beats in both time and bytes. */
export interface FrontPoint {
  readonly plan: NetworkPlan;
  /** What the plan needs, and the least budget for it. */
  readonly totalBytes: number;
  /** As predicted, with the plan's threads. */
  readonly seconds: number;
  /** Predicted seconds that a budget of one MiB more saves; 0 where it buys nothing. */
  readonly savedByOneMoreMiB: number;
}

export interface ParetoFront {
  /** From the fastest and largest to the slowest and smallest. Not empty. */
  readonly points: readonly FrontPoint[];
  /** Whether every point is proven, and that there is nothing beyond the last: no search was cut short. */
  readonly exact: boolean;
}

/**
 * The exact front of time against memory: for every budget the fastest plan, as far as `budgetBytes` where one is given.
 * Equal arguments give equal fronts. Allocates the plans, no tensor.
 * @throws the codes of `planNetwork`; `argument.range` for a step that is not whole bytes
 */
export function paretoFront(input: NetworkInput, options: FrontOptions): ParetoFront {
  const where = "paretoFront";
  const { graph, checked, budgetBytes, contexts } = prepare(input, options, where);
  const { provider } = options;
  const stepBytes = options.stepBytes ?? provider.capabilities.pageBytes;
  if (!Number.isSafeInteger(stepBytes) || stepBytes < 1) {
    throw convError("argument.range", {
      where: `${where}: stepBytes`,
      what: "not a size in whole bytes",
      got: stepBytes,
    });
  }
  const asked = contexts.map((context): Asked => ({ context, selected: select(checked, options, context) }));
  const fronts = asked.map(({ selected }) => front(selected.selection, { stepBytes, budgetBytes }));
  const found = asked.flatMap((one, at) => fronts[at].found.map((found): Reached => ({ ...one, found })));
  if (found.length === 0) {
    const [{ selected }] = asked;
    throw overBudget(checked, selected.selection, budgetBytes, smallestBudget(selected.selection));
  }
  const kept = undominated(found);
  return {
    points: kept.map((point): FrontPoint => {
      const { context, selected, found: one } = point;
      const { bytes, seconds } = one.total;
      const more = bytes + mebibyte;
      const richer = kept.find((other) => other.found.total.bytes <= more) ?? point;
      // The front ends at the budget, which what is saved does not.
      const savedByOneMoreMiB = more <= budgetBytes ? seconds - richer.found.total.seconds : saved(asked, point, more);
      return {
        plan: finishPlan({ graph, checked, selected, found: one, budgetBytes: bytes, savedByOneMoreMiB, context }),
        totalBytes: bytes,
        ...{ seconds, savedByOneMoreMiB },
      };
    }),
    exact: fronts.every(({ proven }) => proven) && found.every((one) => one.found.optimal),
  };
}

/** By bytes from the largest on, without what another beats. */
function undominated(all: readonly Reached[]): readonly Reached[] {
  const sorted = [...all].sort(
    (a, b) =>
      a.found.total.bytes - b.found.total.bytes ||
      a.found.total.seconds - b.found.total.seconds ||
      a.context.threads - b.context.threads,
  );
  const kept: Reached[] = [];
  for (const one of sorted) {
    if (kept.length === 0 || one.found.total.seconds < kept[kept.length - 1].found.total.seconds) kept.push(one);
  }
  return kept.reverse();
}
