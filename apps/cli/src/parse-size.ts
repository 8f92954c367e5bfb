import { convError } from "leanconv";

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/**
 * Reads a size: plain bytes, or a number with KiB, MiB, GiB (powers of 1024) or kB, MB, GB (powers of 1000).
 * @throws `argument.format`; `argument.range` for sizes below 0, not of whole bytes or beyond the exact integers
 */
export function parseSize(text: string, where: string): number {
  const [, number, unit = ""] = /^([-+]?[0-9]*\.?[0-9]+)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = units[unit.toLowerCase()];
  if (number === undefined || factor === undefined) {
    throw convError("argument.format", {
      where,
      what: "not a size",
      got: text,
      wanted: "bytes, or a number with KiB, MiB, GiB, kB, MB or GB, for instance 256KiB",
    });
  }
  const bytes = Number(number) * factor;
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw convError("argument.range", { where, what: "not a size in whole bytes", got: text });
  }
  return bytes;
}
