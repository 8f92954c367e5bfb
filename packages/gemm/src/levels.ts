import type { Levels } from "./descriptor.ts";

/** The product of the extents of one axis of a pack. */
export function levelCount(levels: Levels): number {
  return levels.reduce((product, [extent]) => product * extent, 1);
}
