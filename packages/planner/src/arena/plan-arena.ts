import type { Arena, Buffer } from "./buffer.ts";
import { firstFit } from "./fit.ts";
import { meetings, peakLive } from "./live.ts";
import { smallerStack } from "./stack.ts";

/**
 * Offsets for buffers that share one arena, so that those alive at the same time do not overlap. Dynamic storage
 * allocation is NP-hard: several orders of placing are tried, the best is kept, and where it is above the lower bound
 * and the buffers are few, all arrangements are searched. Sizes should be multiples of the alignment; offsets then are.
 * Equal lists give equal offsets. Allocates the lists it returns and some of their size.
 */
export function planArena(buffers: readonly Buffer[]): Arena {
  const { bytes: lowerBoundBytes, time } = peakLive(buffers);
  const met = meetings(buffers);
  let best: Fitted | undefined;
  for (const order of orders(buffers, time)) {
    const fitted = { order, ...firstFit(buffers, met, order) };
    if (best === undefined || fitted.bytes < best.bytes) best = fitted;
    if (best.bytes === lowerBoundBytes) return finished(best, lowerBoundBytes);
  }
  const { offsets, bytes } = hoistHighest(buffers, met, best as Fitted, lowerBoundBytes);
  if (bytes === lowerBoundBytes) return { offsets, bytes, lowerBoundBytes, optimal: true };
  // Empty buffers may lie anywhere; the search does without them.
  const solid = buffers.flatMap(({ bytes }, at) => (bytes > 0 ? [at] : []));
  const places = new Map(solid.map((at, place) => [at, place]));
  const search = smallerStack(
    solid.map((at) => buffers[at]),
    solid.map((at) => met[at].map((other) => places.get(other) as number)),
    bytes,
    lowerBoundBytes,
  );
  if (search.offsets === undefined) return { offsets, bytes, lowerBoundBytes, optimal: search.complete };
  const searched = search.offsets;
  return {
    offsets: buffers.map((_, at) => {
      const place = places.get(at);
      return place === undefined ? 0 : searched[place];
    }),
    bytes: solid.reduce((top, at, place) => Math.max(top, searched[place] + buffers[at].bytes), 0),
    lowerBoundBytes,
    optimal: search.complete,
  };
}

interface Fitted {
  readonly order: readonly number[];
  readonly offsets: readonly number[];
  readonly bytes: number;
}

function finished({ offsets, bytes }: Fitted, lowerBoundBytes: number): Arena {
  return { offsets, bytes, lowerBoundBytes, optimal: true };
}

const mostHoists = 48;

/** Places the buffers that stick out first, again and again, and keeps the best. */
function hoistHighest(
  buffers: readonly Buffer[],
  met: readonly (readonly number[])[],
  start: Fitted,
  enough: number,
): Fitted {
  let best = start;
  let current = start;
  for (let round = 0; round < mostHoists && best.bytes > enough; round++) {
    const { offsets, bytes, order } = current;
    const highest = new Set(order.filter((at) => buffers[at].bytes > 0 && offsets[at] + buffers[at].bytes === bytes));
    const hoisted = [...highest, ...order.filter((at) => !highest.has(at))];
    current = { order: hoisted, ...firstFit(buffers, met, hoisted) };
    if (current.bytes < best.bytes) best = current;
  }
  return best;
}

/** Orders of placing, the most successful first: large buffers, then what fills the arena longest, then by time. */
function* orders(buffers: readonly Buffer[], peak: number): Generator<readonly number[]> {
  const all = buffers.map((_, at) => at);
  const by = (...keys: readonly ((buffer: Buffer) => number)[]): readonly number[] =>
    [...all].sort((a, b) => {
      for (const key of keys) {
        const difference = key(buffers[a]) - key(buffers[b]);
        if (difference !== 0) return difference;
      }
      return a - b;
    });
  const size = ({ bytes }: Buffer): number => -bytes;
  const length = ({ begin, end }: Buffer): number => begin - end;
  const start = ({ begin }: Buffer): number => begin;
  const away = ({ begin, end }: Buffer): number => (end < peak ? peak - end : Math.max(0, begin - peak));
  yield by(size, start);
  yield by(length, size);
  yield by(away, length, size);
  yield by(away, size);
  yield by(({ bytes, begin, end }) => -bytes * (end - begin + 1));
  yield by(start, length);
  yield by(({ end }) => -end, size);
}
