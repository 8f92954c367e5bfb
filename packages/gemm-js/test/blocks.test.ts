import type { Heap } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { checkCase, checkParts, type GemmRecipe, gemmCase } from "@leanconv/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsGemm } from "../src/index.ts";

type Sizes = GemmRecipe["sizes"];

/** One below, at and one above. */
const around = (size: number): number[] => [size - 1, size, size + 1];

const kinds = (["plain", "packed"] as const).flatMap((a) =>
  (["plain", "patch", "panels"] as const).map((b) => ({ a, b })),
);

/** With few rows, so that the sizes that cross blocks can be large. */
function recipes(sizes: Sizes): GemmRecipe[] {
  return kinds.map(({ a, b }, i) => ({
    ...{ sizes, a, b, beta: i % 2 === 0 ? 0 : 1, bias: true, activation: i % 3 === 0 ? { kind: "tanh" } : undefined },
    ...{ batch: undefined, modes: ["planes", "pixels", "planes"], range: undefined, seed: 7 * i, last: i, guard: 3 },
  }));
}

describe.each([
  ["the usual blocks", 384, 40],
  ["small blocks", 12, 8],
] as const)("%s", (_, kc, nc) => {
  let provider: GemmProvider;
  let heap: Heap;
  beforeAll(async () => {
    provider = jsGemm({ kc, nc });
    heap = await provider.createHeap(2 ** 25);
  });
  afterAll(() => heap.dispose());

  const sizes: Sizes[] = [
    ...[1, ...around(4), ...around(8)].map((m) => ({ m, rows: 3, cols: 5, k: kc + 1 })),
    ...[...around(kc), ...around(2 * kc)].map((k) => ({ m: 5, rows: 2, cols: 3, k })),
    ...[1, ...around(4), ...around(nc), ...around(2 * nc)].map((cols) => ({ m: 3, rows: 1, cols, k: kc })),
    // A shallow block is wider than nc; rows of 13 pixels straddle tiles and blocks.
    ...around(Math.min(1024, kc * nc)).map((cols) => ({ m: 2, rows: 1, cols, k: 1 })),
    { m: 6, rows: Math.ceil((2 * nc) / 13), cols: 13, k: kc },
  ];

  test.each(sizes)("m $m, $rows x $cols pixels, k $k: the reference's integers, nothing else touched", (size) => {
    for (const recipe of recipes(size)) {
      expect(checkCase(provider, heap, gemmCase(recipe, provider.capabilities.panelWidth))).toBeUndefined();
    }
  });

  test.each(sizes)("m $m, $rows x $cols pixels, k $k: any number of parts gives the same bits", (size) => {
    for (const recipe of recipes(size)) {
      const kernelCase = gemmCase(recipe, provider.capabilities.panelWidth);
      for (const parts of [2, 3, 7]) expect(checkParts(provider, heap, kernelCase, parts)).toBeUndefined();
    }
  });
});

describe("scratch", () => {
  test.each(kinds)("A $a, B $b: the last word of what is declared is used", async ({ a, b }) => {
    const provider = jsGemm({ kc: 7, nc: 8 });
    const recipe = recipes({ m: 5, rows: 3, cols: 5, k: 20 }).find(
      (candidate) => candidate.a === a && candidate.b === b,
    )!;
    const { descriptor } = gemmCase(recipe, provider.capabilities.panelWidth);
    const { scratchBytes } = provider.query(descriptor);
    const heap = await provider.createHeap(2 ** 20);
    const scratch = heap.allocate(scratchBytes).float32.fill(Number.NaN);
    const rest = heap.allocate(2 ** 19);
    const at = rest.byteOffset / 4 + 2 ** 16;
    provider.compile(descriptor, heap).run({
      ...{ a: at, b: at, c: at + 2 ** 15, bias: at, slopes: at, source: 0, target: 0, values: 0 },
      ...{ rowBegin: 0, rowEnd: 3, scratch: scratch.byteOffset / 4, part: 0, parts: 1 },
    });
    expect(scratch.every((value) => !Number.isNaN(value))).toBe(true);
    expect(scratchBytes > 0).toBe(a === "plain" || b !== "panels");
  });

  test("a block of B is at most 60 KiB with the default sizes, whatever the shape", () => {
    const pack = { kind: "pack", dtype: "float32", batch: [], rows: [[64, 1]], k: [[9, 1]] } as const;
    for (const k of [1, 9, 383, 384, 385, 5000]) {
      const footprint = jsGemm().query({
        ...{ kind: "gemm", dtype: "float32", m: 64, k, rows: 500, cols: 500, beta: 0 },
        ...{
          a: { kind: "packed", pack },
          b: { kind: "plain", k: 250000, row: 500, col: 1 },
          c: { m: 1, row: 0, col: 0 },
        },
      });
      expect(footprint.scratchBytes).toBeLessThanOrEqual(61440);
    }
  });
});
