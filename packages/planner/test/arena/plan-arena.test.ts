import { expect, test } from "vitest";
import type { Buffer } from "../../src/arena/buffer.ts";
import { planArena } from "../../src/arena/plan-arena.ts";
import { type Random, seeded } from "../select/random-selection.ts";

function randomBuffers(random: Random, most: number): readonly Buffer[] {
  const pick = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  return Array.from({ length: pick(0, most) }, () => {
    const begin = pick(0, 6);
    return { bytes: 16 * pick(0, 7), begin, end: begin + pick(0, 3) };
  });
}

const together = (a: Buffer, b: Buffer): boolean => a.begin <= b.end && b.begin <= a.end;

/** The least arena by definition: every order, every buffer at the lowest place that is free; not above what is known. */
function smallestByHand(buffers: readonly Buffer[], known = Number.POSITIVE_INFINITY): number {
  let best = known;
  const placed: { buffer: Buffer; offset: number }[] = [];
  const left = new Set(buffers);
  const place = (top: number): void => {
    if (top >= best) return;
    if (left.size === 0) best = top;
    for (const buffer of [...left]) {
      const others = placed.filter((other) => together(other.buffer, buffer));
      const candidates = [0, ...others.map((other) => other.offset + other.buffer.bytes)].sort((a, b) => a - b);
      const offset = candidates.find((at) =>
        others.every((other) => at + buffer.bytes <= other.offset || at >= other.offset + other.buffer.bytes),
      ) as number;
      left.delete(buffer);
      placed.push({ buffer, offset });
      place(Math.max(top, offset + buffer.bytes));
      placed.pop();
      left.add(buffer);
    }
  };
  place(0);
  return best;
}

test("small sets are placed as tightly as any order can, 1,000 times", () => {
  for (let seed = 1; seed <= 1000; seed++) {
    const buffers = randomBuffers(seeded(seed), 6);
    const arena = planArena(buffers);
    expect(arena.bytes, `seed ${seed}`).toBe(smallestByHand(buffers));
    expect(arena.optimal).toBe(true);
  }
});

test("buffers that are alive together never overlap, and the lower bound is one", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const buffers = randomBuffers(seeded(seed), 60);
    const { offsets, bytes, lowerBoundBytes } = planArena(buffers);
    buffers.forEach((a, i) => {
      expect(offsets[i]).toBeGreaterThanOrEqual(0);
      expect(offsets[i] + a.bytes).toBeLessThanOrEqual(bytes);
      buffers.slice(0, i).forEach((b, j) => {
        if (together(a, b) && a.bytes > 0 && b.bytes > 0) {
          expect(offsets[i] >= offsets[j] + b.bytes || offsets[j] >= offsets[i] + a.bytes).toBe(true);
        }
      });
    });
    expect(bytes).toBeGreaterThanOrEqual(lowerBoundBytes);
  }
});

test("where the lower bound cannot be reached, the search says so and finds the least", () => {
  // One of some thousand random sets of eleven: more than is alive at any one time.
  const random = seeded(3838 * 31 + 11);
  const buffers = Array.from({ length: 11 }, () => {
    const begin = Math.floor(random() * 8);
    return { bytes: 1 + Math.floor(random() * 5), begin, end: begin + Math.floor(random() * 5) };
  });
  const arena = planArena(buffers);
  expect(arena.bytes).toBeGreaterThan(arena.lowerBoundBytes);
  expect(arena.optimal).toBe(true);
  expect(smallestByHand(buffers, arena.bytes)).toBe(arena.bytes);
});

test("an empty list needs nothing", () => {
  expect(planArena([])).toEqual({ offsets: [], bytes: 0, lowerBoundBytes: 0, optimal: true });
});
