import { describe, expect, test } from "vitest";
import { front } from "../../src/select/front.ts";
import { fastestWithin } from "../../src/select/search.ts";
import type { Selection } from "../../src/select/selection.ts";
import { smallestBudget } from "../../src/select/smallest.ts";
import { weigh } from "./brute-force.ts";
import { allChoices, heavyChain, randomSelection, seeded } from "./random-selection.ts";

/** Everything a selection can be, weighed apart from the planner. */
function bruteForce(selection: Selection) {
  return [...allChoices(selection)].map((choice) => weigh(selection, choice));
}

function countOf({ nodes }: Selection): number {
  return nodes.reduce((product, { alternatives }) => product * alternatives.length, 1);
}

describe("on 1,000 random graphs with layouts, copies, sums in place and budgets", () => {
  const cases = Array.from({ length: 1000 }, (_, at) => {
    const random = seeded(at + 1);
    const selection = randomSelection(random, 6);
    const all = bruteForce(selection);
    const sizes = [...new Set(all.map(({ bytes }) => bytes))].sort((a, b) => a - b);
    return { seed: at + 1, selection, all, sizes, random };
  });

  test("the fastest that fits is found, and proven", () => {
    for (const { seed, selection, all, sizes, random } of cases) {
      const some = Array.from(
        { length: 4 },
        () => sizes[Math.floor(random() * sizes.length)] + (random() < 0.5 ? -1 : 0),
      );
      for (const budget of [sizes[0] - 1, sizes[0], ...some, Number.POSITIVE_INFINITY]) {
        const fitting = all.filter(({ bytes }) => bytes <= budget).map(({ seconds }) => seconds);
        const found = fastestWithin(selection, budget);
        const what = `seed ${seed}, budget ${budget}`;
        if (fitting.length === 0) {
          expect(found, what).toEqual({ proven: true });
          continue;
        }
        if (found.choice === undefined) throw new Error(`${what}: nothing found`);
        expect(found.total.seconds, what).toBe(Math.min(...fitting));
        expect([found.optimal, found.boundSeconds], what).toEqual([true, found.total.seconds]);
        expect(found.total.bytes, what).toBeLessThanOrEqual(budget);
        // Both add up the same.
        const { seconds, bytes } = weigh(selection, found.choice);
        expect([found.total.seconds, found.total.bytes], what).toEqual([seconds, bytes]);
      }
    }
  });

  test("the smallest budget is the least total there is", () => {
    for (const { seed, selection, sizes } of cases) {
      const { budgetBytes, proven } = smallestBudget(selection);
      expect([budgetBytes, proven], `seed ${seed}`).toEqual([sizes[0], true]);
    }
  });

  test("the front is that of all choices", () => {
    for (const { seed, selection, all } of cases) {
      const best = [...all].sort((a, b) => a.bytes - b.bytes || a.seconds - b.seconds);
      const wanted: (readonly [number, number])[] = [];
      for (const { bytes, seconds } of best) {
        if (wanted.length === 0 || seconds < wanted[wanted.length - 1][1]) wanted.push([bytes, seconds]);
      }
      const { found, proven } = front(selection, { stepBytes: selection.pageBytes });
      const got = found.map(({ total }) => [total.bytes, total.seconds]);
      expect([got.reverse(), proven], `seed ${seed}`).toEqual([wanted, true]);
    }
  });

  test("more budget is never slower", () => {
    for (const { seed, selection, sizes } of cases.slice(0, 200)) {
      let before = Number.POSITIVE_INFINITY;
      for (const budget of sizes) {
        const found = fastestWithin(selection, budget);
        const seconds = found.choice === undefined ? Number.POSITIVE_INFINITY : found.total.seconds;
        expect(seconds, `seed ${seed}, budget ${budget}`).toBeLessThanOrEqual(before);
        before = seconds;
      }
    }
  });
});

test("graphs whose tensors leave gaps in the arena are solved with their real offsets", () => {
  let withGaps = 0;
  for (let seed = 1; withGaps < 12; seed++) {
    const selection = randomSelection(seeded(seed), 11, 6);
    if (countOf(selection) > 600) continue;
    const all = bruteForce(selection);
    if (!all.some(({ gaps }) => gaps)) continue;
    withGaps++;
    for (const budget of new Set(all.map(({ bytes }) => bytes))) {
      const fitting = all.filter(({ bytes }) => bytes <= budget).map(({ seconds }) => seconds);
      const found = fastestWithin(selection, budget);
      if (found.choice === undefined) throw new Error(`seed ${seed}, budget ${budget}: nothing found`);
      expect(found.total.seconds, `seed ${seed}, budget ${budget}`).toBe(Math.min(...fitting));
    }
  }
});

test("a search that is cut short says how far it may be off, and fits all the same", () => {
  let cut = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const selection = randomSelection(seeded(seed), 7);
    const all = bruteForce(selection);
    const sizes = [...new Set(all.map(({ bytes }) => bytes))].sort((a, b) => a - b);
    const budget = sizes[Math.floor(sizes.length / 3)];
    const found = fastestWithin(selection, budget, 1);
    if (found.choice === undefined) {
      expect(found.proven).toBe(false);
      continue;
    }
    const best = Math.min(...all.filter(({ bytes }) => bytes <= budget).map(({ seconds }) => seconds));
    expect(found.total.bytes).toBeLessThanOrEqual(budget);
    expect(found.boundSeconds).toBeLessThanOrEqual(best);
    expect(found.total.seconds).toBeGreaterThanOrEqual(best);
    if (found.optimal) expect(found.total.seconds).toBe(best);
    else cut++;
  }
  expect(cut).toBeGreaterThan(0);
});

test("a front whose last search was cut short does not claim to end there", () => {
  let cut = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const selection = randomSelection(seeded(seed), 7);
    const { found, proven } = front(selection, { stepBytes: selection.pageBytes, work: 1 });
    const least = Math.min(...bruteForce(selection).map(({ bytes }) => bytes));
    const ends = found.length > 0 && found[found.length - 1].total.bytes === least;
    if (proven) expect(ends, `seed ${seed}`).toBe(true);
    if (!ends) cut++;
  }
  expect(cut).toBeGreaterThan(0);
});

test("wide graphs branch: every node reads all before it", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seeded(seed);
    const small = randomSelection(random, 2);
    const pick = (most: number): number => Math.floor(random() * most);
    const nodes = [...small.nodes.slice(0, 1)];
    for (let node = 1; node < 6; node++) {
      const way = () => ({ seconds: pick(6), persistentBytes: 0, copyBytes: 0 });
      const none = { seconds: 0, persistentBytes: 0, copyBytes: 0 };
      const neutral = (layout: 0 | 1) => ({
        ...{ input: layout, output: layout, seconds: pick(4), workspaceBytes: 0, persistentBytes: 0 },
      });
      nodes.push({
        ...{ alternatives: [neutral(0), neutral(1)], outputBytes: 16, inPlace: false, kept: false },
        inputs: Array.from({ length: node }, (_, from) => ({
          from,
          passages: [
            [none, way()],
            [way(), none],
          ] as const,
        })),
      });
    }
    const selection = { ...small, nodes };
    const found = fastestWithin(selection, Number.POSITIVE_INFINITY);
    if (found.choice === undefined) throw new Error("nothing found");
    expect(found.total.seconds).toBe(Math.min(...bruteForce(selection).map(({ seconds }) => seconds)));
  }
});

test("where faster ways keep more weights, the exchange of time for bytes is exact too", () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = seeded(seed);
    const selection = heavyChain(random, 4, [
      [1, 1],
      [0.6, 1.78],
      [0.45, 4],
    ]);
    const all = bruteForce(selection);
    const sizes = all.map(({ bytes }) => bytes).sort((a, b) => a - b);
    for (let budget = 0; budget < 6; budget++) {
      const limit = sizes[Math.floor(random() * sizes.length)];
      const fitting = all.filter(({ bytes }) => bytes <= limit).map(({ seconds }) => seconds);
      const found = fastestWithin(selection, limit);
      if (found.choice === undefined) throw new Error(`seed ${seed}, budget ${limit}: nothing found`);
      expect([found.total.seconds, found.optimal], `seed ${seed}, budget ${limit}`).toEqual([
        Math.min(...fitting),
        true,
      ]);
    }
  }
});

test("in long chains of such layers something good is found for every budget, faster with more", () => {
  for (const layers of [50, 300]) {
    const selection = heavyChain(seeded(layers), layers, [
      [1, 1],
      [0.85, 1],
      [0.6, 1.78],
      [0.45, 4],
    ]);
    const fastest = fastestWithin(selection, Number.POSITIVE_INFINITY);
    if (fastest.choice === undefined) throw new Error("nothing found");
    const { budgetBytes: least } = smallestBudget(selection);
    let before = Number.POSITIVE_INFINITY;
    for (const part of [0, 0.05, 0.2, 0.5, 0.8, 1]) {
      const budget = least + Math.floor(part * (fastest.total.bytes - least));
      const found = fastestWithin(selection, budget);
      if (found.choice === undefined) throw new Error(`${layers} layers, budget ${budget}: nothing found`);
      expect(found.total.bytes).toBeLessThanOrEqual(budget);
      expect(found.total.seconds).toBeLessThanOrEqual(before);
      expect(found.boundSeconds).toBeGreaterThan(0.98 * found.total.seconds);
      before = found.total.seconds;
    }
  }
});
