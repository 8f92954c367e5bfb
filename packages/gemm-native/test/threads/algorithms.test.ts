import { allAlgorithms } from "@leanconv/algorithms";
import { describeConv2d, formatProblem } from "@leanconv/conv";
import type { Heap } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { convData, differenceFrom, layoutPairs, problems, runConv, wordsOf } from "@leanconv/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nativeGemm } from "../../src/index.ts";
import { installed } from "../installed.ts";

const padding: [number, number, number, number] = [1, 1, 1, 1];
/** Enough pixels to share them out, too few for that, groups, a depthwise one. */
const chosen = [
  describeConv2d({ inputChannels: 7, outputChannels: 29, input: [23, 29], kernel: [3, 3], padding, bias: true }),
  describeConv2d({
    inputChannels: 17,
    outputChannels: 45,
    input: [5, 6],
    kernel: [3, 3],
    padding,
    activation: { kind: "relu" },
  }),
  describeConv2d({
    inputChannels: 12,
    outputChannels: 24,
    groups: 3,
    input: [31, 17],
    kernel: [3, 2],
    strides: [2, 1],
  }),
  describeConv2d({ inputChannels: 11, outputChannels: 11, groups: 11, input: [9, 14], kernel: [3, 3], padding }),
];

for (const library of ["onednn", "openblas"]) {
  describe.skipIf(!installed.has(library))(`${library}, two threads`, () => {
    let provider: GemmProvider;
    let heap: Heap;
    beforeAll(async () => {
      provider = await nativeGemm({ library, threads: 2 });
      heap = await provider.createHeap(2 ** 21);
    });
    afterAll(() => provider?.dispose());

    test.each(allAlgorithms.map((algorithm) => [algorithm.name, algorithm] as const))(
      "%s: the oracle's sums, and the bits of one thread after the other",
      (_, algorithm) => {
        expect(provider.capabilities.threads).toBe(2);
        let variants = 0;
        const check = (problem: (typeof chosen)[number], seed: number): void => {
          const data = convData(problem, seed, "reals");
          for (const [inputLayout, outputLayout] of layoutPairs) {
            const context = { inputLayout, outputLayout, exclusiveInput: true, threads: 2 };
            for (const { variant, refusal } of algorithm.variants(problem, context)) {
              if (refusal) continue;
              variants++;
              const name = `${JSON.stringify(variant)} ${formatProblem(problem)}`;
              const [two, one] = [2, 1].map((threads) => {
                const outcome = runConv({
                  algorithm,
                  variant,
                  provider,
                  heap,
                  data,
                  threads,
                  last: seed % 3,
                  times: 2,
                });
                expect(outcome.failure, name).toBeUndefined();
                expect(outcome.violations, name).toEqual([]);
                return outcome.output;
              });
              expect(differenceFrom(data, two, algorithm.errorClass), name).toBeUndefined();
              expect(wordsOf(two), name).toEqual(wordsOf(one));
            }
          }
        };
        for (const [seed, problem] of chosen.entries()) check(problem, seed);
        fc.assert(
          fc.property(problems(), fc.nat(), (problem, seed) => check(problem, seed)),
          { numRuns: 10 },
        );
        expect(variants).toBeGreaterThan(0);
      },
    );
  });
}
