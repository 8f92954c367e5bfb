import { convError } from "@leanconv/core";
import type { Levels, PackDescriptor } from "./descriptor.ts";

/**
 * That the array has every element a pack reads; a detached one has none.
 * @throws `argument.shape`
 */
export function assertPackSource(pack: PackDescriptor, source: Float32Array, offset: number, where: string): void {
  let [low, high] = [offset, offset];
  const { transform } = pack;
  const taps: Levels = transform ? [transform.line, transform.col].map((stride) => [3, stride] as const) : [];
  for (const [extent, stride] of [...pack.batch, ...pack.rows, ...pack.k, ...taps]) {
    if (extent === 0) return;
    if (stride < 0) low += (extent - 1) * stride;
    else high += (extent - 1) * stride;
  }
  if (low >= 0 && high < source.length) return;
  throw convError("argument.shape", {
    where,
    what: "the array of weights is too small",
    got: `${source.length} elements`,
    wanted: `elements ${low} to ${high}`,
    fix: "pass all of the filter, and an offset and strides that stay inside of it",
  });
}
