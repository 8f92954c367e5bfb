import type { Levels, PackDescriptor } from "../descriptor.ts";
import { levelCount } from "../levels.ts";

/** Source offset of element `index` of an axis read through nested levels. */
export function levelOffset(levels: Levels, index: number): number {
  let rest = index;
  let offset = 0;
  for (let i = levels.length - 1; i >= 0; i--) {
    const [extent, stride] = levels[i];
    offset += (rest % extent) * stride;
    rest = Math.floor(rest / extent);
  }
  return offset;
}

/** All offsets of an axis, so that packing loops only add. Allocates one array. */
export function levelOffsets(levels: Levels): Float64Array {
  return Float64Array.from({ length: levelCount(levels) }, (_, index) => levelOffset(levels, index));
}

/** Packs into plain [batch][row][k]: the packed form of the reference and of providers that have none. */
export function packPlain(pack: PackDescriptor, source: Float32Array, at: number, target: Float32Array): void {
  const batches = levelOffsets(pack.batch);
  const rows = levelOffsets(pack.rows);
  const depths = levelOffsets(pack.k);
  let to = 0;
  for (let batch = 0; batch < batches.length; batch++) {
    for (let row = 0; row < rows.length; row++) {
      const from = at + batches[batch] + rows[row];
      for (let k = 0; k < depths.length; k++) target[to++] = source[from + depths[k]];
    }
  }
}
