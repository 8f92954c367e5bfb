import type { Buffer } from "./buffer.ts";

/**
 * Places buffers one after the other, each at the lowest offset where nothing that is alive together with it lies yet.
 * Any smallest arrangement is what some order gives: that of its own offsets.
 */
export function firstFit(
  buffers: readonly Buffer[],
  met: readonly (readonly number[])[],
  order: readonly number[],
): { readonly offsets: number[]; readonly bytes: number } {
  const offsets = new Array<number>(buffers.length).fill(-1);
  let bytes = 0;
  for (const at of order) {
    const size = buffers[at].bytes;
    const taken = met[at].filter((other) => offsets[other] >= 0).sort((a, b) => offsets[a] - offsets[b]);
    let offset = 0;
    for (const other of taken) {
      if (offsets[other] - offset >= size) break;
      offset = Math.max(offset, offsets[other] + buffers[other].bytes);
    }
    offsets[at] = offset;
    bytes = Math.max(bytes, offset + size);
  }
  return { offsets, bytes };
}
