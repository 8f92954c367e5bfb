import { expect, test } from "vitest";
import { fill } from "../../src/select/fill.ts";
import { fastestWithin } from "../../src/select/search.ts";
import type { Selection } from "../../src/select/selection.ts";
import { sums } from "../../src/select/total.ts";
import { heavyChain, seeded } from "./random-selection.ts";

const anything = (): boolean => true;

/** Layers that are all alike, and twice as fast for ten times the bytes. */
function alike(layers: number): Selection {
  const passage = { seconds: 0, persistentBytes: 0, copyBytes: 0 };
  const way = (seconds: number, persistentBytes: number) => ({
    ...({ input: 0, output: 0, seconds, workspaceBytes: 0, persistentBytes } as const),
  });
  const none = [
    [passage, passage],
    [passage, passage],
  ] as const;
  return {
    nodes: Array.from({ length: layers + 1 }, (_, node) => ({
      alternatives: node === 0 ? [way(0, 0)] : [way(10, 160), way(5, 1600)],
      outputBytes: 16,
      inputs: node === 0 ? [] : [{ from: node - 1, passages: none }],
      ...{ inPlace: false, kept: false },
    })),
    ...{ fixedBytes: 0, pageBytes: 16, outsideBytes: 0 },
  };
}

test("as many equal layers as there is room for take the faster way", () => {
  const selection = alike(6);
  const slow = selection.nodes.map(() => 0);
  expect(fill(selection, slow, 1440 * 4 + 1439, anything).filter((at) => at === 1)).toHaveLength(4);
  expect(fill(selection, slow, 1439, anything)).toEqual(slow);
  expect(fill(selection, slow, 1e6, (node) => node === 2)).toEqual([0, 0, 1, 0, 0, 0, 0]);
});

test("what saves most for a byte comes first, and layouts stay", () => {
  const random = seeded(7);
  for (let round = 0; round < 50; round++) {
    const selection = heavyChain(random, 12, [
      [1, 1],
      [0.6, 1.78],
      [0.4, 4],
    ]);
    const slow = selection.nodes.map(({ alternatives }) => alternatives.findIndex(({ output }) => output === 0));
    const spare = Math.floor(random() * 2e6);
    const filled = fill(selection, slow, spare, anything);
    const [before, after] = [sums(selection, slow), sums(selection, filled)];
    expect(after.seconds).toBeLessThanOrEqual(before.seconds);
    expect(after.persistentBytes - before.persistentBytes).toBeLessThanOrEqual(spare);
    selection.nodes.forEach(({ alternatives }, node) => {
      const [was, is] = [alternatives[slow[node]], alternatives[filled[node]]];
      expect([is.input, is.output]).toEqual([was.input, was.output]);
    });
  }
});

test("200 equal layers are planned to the optimum in every budget", () => {
  const selection = alike(200);
  for (const faster of [0, 1, 57, 199, 200]) {
    const found = fastestWithin(selection, 32 + 200 * 160 + faster * 1440 + 900);
    if (found.choice === undefined) throw new Error(`nothing fits with ${faster}`);
    const limit = Math.min(200, faster);
    expect([found.optimal, found.total.seconds]).toEqual([true, 200 * 10 - limit * 5]);
  }
});
