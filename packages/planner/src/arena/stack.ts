import type { Buffer } from "./buffer.ts";

/** Positions in the search, of all arrangements together: some milliseconds. */
const positions = 5000;
/** Beyond so many buffers no search of that length gets anywhere. */
const most = 24;

/**
 * Searches all arrangements for one smaller than `best`, down to `enough`. In the order of its offsets, a buffer of a
 * smallest arrangement lies right on the highest of those before it that it meets, so that orders are all there is to
 * search. `complete` where nothing was left out.
 */
export function smallerStack(
  buffers: readonly Buffer[],
  met: readonly (readonly number[])[],
  best: number,
  enough: number,
): { readonly offsets?: readonly number[]; readonly complete: boolean } {
  const count = buffers.length;
  if (count > most) return { complete: false };
  const times = [...new Set(buffers.map(({ begin }) => begin))];
  const alive = times.map((time) =>
    buffers.flatMap(({ begin, end }, at) => (begin <= time && time <= end ? [at] : [])),
  );
  const offsets = new Array<number>(count).fill(-1);
  let found: readonly number[] | undefined;
  let limit = best;
  let left = positions;

  /** What any completion reaches at least: at every time, what is not placed lies above what could carry it. */
  const bound = (floor: number): number => {
    let highest = 0;
    for (const here of alive) {
      let rest = 0;
      let lowest = Number.POSITIVE_INFINITY;
      for (const at of here) {
        if (offsets[at] >= 0) continue;
        rest += buffers[at].bytes;
        let base = floor;
        for (const other of met[at]) {
          if (offsets[other] >= 0) base = Math.max(base, offsets[other] + buffers[other].bytes);
        }
        lowest = Math.min(lowest, base);
      }
      if (rest > 0) highest = Math.max(highest, lowest + rest);
    }
    return highest;
  };

  const place = (placed: number, floor: number, last: number): void => {
    if (limit <= enough || left-- <= 0) return;
    if (placed === count) {
      limit = buffers.reduce((top, { bytes }, at) => Math.max(top, offsets[at] + bytes), 0);
      found = [...offsets];
      return;
    }
    if (bound(floor) >= limit) return;
    for (let at = 0; at < count; at++) {
      if (offsets[at] >= 0) continue;
      let offset = 0;
      for (const other of met[at]) {
        if (offsets[other] >= 0) offset = Math.max(offset, offsets[other] + buffers[other].bytes);
      }
      // In the order of offsets; buffers at one offset in the order of the list.
      if (offset < floor || (offset === floor && at < last) || offset + buffers[at].bytes >= limit) continue;
      offsets[at] = offset;
      place(placed + 1, offset, at);
      offsets[at] = -1;
    }
  };
  place(0, 0, -1);
  return { ...(found && { offsets: found }), complete: limit <= enough || left > 0 };
}
