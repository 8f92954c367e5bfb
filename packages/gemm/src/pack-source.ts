import { convError } from "@leanconv/core";
import type { Levels, PackDescriptor } from "./descriptor.ts";

/** Elements of the filter that a pack reads, from the first to one past the last, counted from its origin. */
export function packExtent({ batch, rows, k, transform }: PackDescriptor): readonly [first: number, end: number] {
  const taps: Levels = transform ? [transform.line, transform.col].map((stride) => [3, stride] as const) : [];
  const axes = [...batch, ...rows, ...k, ...taps];
  if (axes.some(([extent]) => extent === 0)) return [0, 0];
  const reach = axes.map(([extent, stride]) => (extent - 1) * stride);
  const sum = (part: (distance: number) => number): number => reach.reduce((total, one) => total + part(one), 0);
  return [sum((distance) => Math.min(distance, 0)), sum((distance) => Math.max(distance, 0)) + 1];
}

/**
 * That the array has every element a pack reads; a detached one has none.
 * @throws `argument.shape`
 */
export function assertPackSource(pack: PackDescriptor, source: Float32Array, offset: number, where: string): void {
  const [first, end] = packExtent(pack);
  if (first === end || (offset + first >= 0 && offset + end <= source.length)) return;
  throw convError("argument.shape", {
    where,
    what: "the array of weights is too small",
    got: `${source.length} elements`,
    wanted: `elements ${offset + first} to ${offset + end - 1}`,
    fix: "pass all of the filter, and an offset and strides that stay inside of it",
  });
}
