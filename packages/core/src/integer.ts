import { convError } from "./error.ts";

/** The smallest multiple of `step` that is at least `value`. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** `a * b * ...`, refusing results beyond the exact integers: an overflowing size must never become a small one. */
export function exactProduct(where: string, ...factors: readonly number[]): number {
  let product = 1;
  for (const factor of factors) product *= factor;
  if (!Number.isSafeInteger(product)) {
    throw convError("argument.overflow", {
      where,
      what: "a size leaves the exact integers",
      got: factors.join(" * "),
      wanted: "at most 2^53 - 1",
    });
  }
  return product;
}
