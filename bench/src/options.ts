import { networkNames } from "@leanconv/layer-tables";
import { InvalidArgumentError } from "commander";

// How the texts of the command line become values.

export function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("a whole number of at least 1");
  return value;
}

export function networkList(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !networkNames.includes(name));
  if (unknown === undefined) return names;
  throw new InvalidArgumentError(`there is no ${unknown}; there are ${networkNames.join(", ")}`);
}

const units: Readonly<Record<string, number>> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20 };

/** Bytes, KiB or MiB. */
export function size(text: string): number {
  const [, digits, unit = ""] = /^(\d+)(KiB|MiB)?$/.exec(text) ?? [];
  if (digits === undefined) throw new InvalidArgumentError("a size such as 65536, 256KiB or 1MiB");
  return Number(digits) * units[unit];
}

/** Sizes with commas between them; "none" is no limit. */
export function sizeList(text: string): readonly number[] {
  return text.split(",").map((one) => (one.trim() === "none" ? Number.POSITIVE_INFINITY : size(one.trim())));
}

/** Rounds that can be told apart into odd and even ones. */
export function oddAndEvenRounds(text: string): number {
  const value = count(text);
  if (value >= 5) return value;
  throw new InvalidArgumentError("at least 5: odd rounds pick, even rounds score");
}
