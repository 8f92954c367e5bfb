import type { Buffer } from "./buffer.ts";

/** The sum of what is alive at the fullest time, and that time. */
export function peakLive(buffers: readonly Buffer[]): { readonly bytes: number; readonly time: number } {
  const changes = new Map<number, number>();
  const add = (time: number, bytes: number): void => void changes.set(time, (changes.get(time) ?? 0) + bytes);
  for (const { bytes, begin, end } of buffers) {
    add(begin, bytes);
    add(end + 1, -bytes);
  }
  let live = 0;
  let peak = { bytes: 0, time: 0 };
  for (const [time, change] of [...changes].sort(([a], [b]) => a - b)) {
    live += change;
    if (live > peak.bytes) peak = { bytes: live, time };
  }
  return peak;
}

/** For every buffer the indices of those that are alive at some time together with it. Empty ones meet nothing. */
export function meetings(buffers: readonly Buffer[]): readonly (readonly number[])[] {
  const met = buffers.map((): number[] => []);
  let alive: number[] = [];
  const order = buffers.map((_, at) => at).sort((a, b) => buffers[a].begin - buffers[b].begin || a - b);
  for (const at of order) {
    if (buffers[at].bytes === 0) continue;
    alive = alive.filter((other) => buffers[other].end >= buffers[at].begin);
    for (const other of alive) {
      met[at].push(other);
      met[other].push(at);
    }
    alive.push(at);
  }
  return met;
}
