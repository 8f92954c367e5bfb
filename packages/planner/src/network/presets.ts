import { convError } from "@leanconv/core";

export type BudgetPreset = "edge-128" | "phone-256" | "phone-512";

/**
 * Budgets for hosts that are known by what they allow: three quarters of it, since the engine, the code and the caller's
 * own data live in the rest.
 */
export const budgetPresets: Readonly<Record<BudgetPreset, number>> = {
  /** Workers at the edge of a network: 128 MB for everything. */
  "edge-128": 96 * 2 ** 20,
  /** A page on a phone that is killed at 256 MB. */
  "phone-256": 192 * 2 ** 20,
  /** The same at 512 MB. */
  "phone-512": 384 * 2 ** 20,
};

/** The bytes of a budget: of a preset by its name, else the number. Infinity where there is none. @throws `argument.name`, `argument.range` */
export function budgetBytesOf(budget: number | BudgetPreset | undefined, where: string): number {
  if (budget === undefined) return Number.POSITIVE_INFINITY;
  if (typeof budget === "string") {
    if (Object.hasOwn(budgetPresets, budget)) return budgetPresets[budget];
    const wanted = Object.keys(budgetPresets).join(", ");
    throw convError("argument.name", { where: `${where}: budgetBytes`, what: "no such preset", got: budget, wanted });
  }
  if (Number.isSafeInteger(budget) && budget >= 0) return budget;
  throw convError("argument.range", {
    where: `${where}: budgetBytes`,
    what: "not a size in whole bytes",
    got: budget,
    fix: "leave it out for no limit",
  });
}
