import { nr } from "./tile.ts";

/** Four strided vectors of `count` elements side by side: a whole panel of A or B. */
export function copyPanel(
  memory: Float32Array,
  s0: number,
  s1: number,
  s2: number,
  s3: number,
  stride: number,
  to: number,
  count: number,
): void {
  s0 |= 0;
  s1 |= 0;
  s2 |= 0;
  s3 |= 0;
  stride |= 0;
  to |= 0;
  const end = (to + nr * count) | 0;
  while (to < end) {
    memory[to] = memory[s0];
    memory[to + 1] = memory[s1];
    memory[to + 2] = memory[s2];
    memory[to + 3] = memory[s3];
    s0 += stride;
    s1 += stride;
    s2 += stride;
    s3 += stride;
    to += nr;
  }
}

/** One strided vector as one lane of a panel. */
export function copyLane(memory: Float32Array, source: number, stride: number, to: number, count: number): void {
  for (let i = 0; i < count; i++) {
    memory[to] = memory[source];
    source += stride;
    to += nr;
  }
}

/** Zeros in one lane of a panel. */
export function clearLane(memory: Float32Array, to: number, count: number): void {
  for (let i = 0; i < count; i++) {
    memory[to] = 0;
    to += nr;
  }
}
