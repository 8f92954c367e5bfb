import { allAlgorithms } from "@leanconv/algorithms";
import { type ConvProblem, describeConv2d, formatProblem } from "@leanconv/conv";
import type { Heap } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { convData, layoutPairs, problems, runConv, wordsOf } from "@leanconv/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wasmGemm } from "../../src/index.ts";

const counts = [1, 2, 3, 5];

/** Larger than random ones: tiles that do not come out even, fewer rows than threads, groups, few channels. */
const chosen: readonly ConvProblem[] = [
  describeConv2d({
    inputChannels: 7,
    outputChannels: 29,
    input: [13, 19],
    kernel: [3, 3],
    padding: [1, 1, 1, 1],
    bias: true,
  }),
  describeConv2d({
    inputChannels: 17,
    outputChannels: 23,
    input: [2, 41],
    kernel: [1, 1],
    activation: { kind: "relu" },
  }),
  describeConv2d({ inputChannels: 12, outputChannels: 18, groups: 3, input: [11, 5], kernel: [3, 2], strides: [2, 1] }),
  describeConv2d({
    inputChannels: 11,
    outputChannels: 11,
    groups: 11,
    input: [9, 14],
    kernel: [3, 3],
    padding: [1, 1, 1, 1],
  }),
  describeConv2d({
    inputChannels: 3,
    outputChannels: 67,
    input: [7, 7],
    kernel: [5, 5],
    dilations: [1, 1],
    padding: [2, 2, 2, 2],
  }),
];

describe("any number of threads gives the same bits", () => {
  const providers = new Map<number, GemmProvider>();
  const heaps = new Map<number, Heap>();
  beforeAll(async () => {
    for (const threads of counts) {
      const provider = await wasmGemm({ threads });
      expect(provider.capabilities.threads).toBe(threads);
      providers.set(threads, provider);
      heaps.set(threads, await provider.createHeap(2 ** 21));
    }
  });
  afterAll(() => {
    for (const provider of providers.values()) provider.dispose();
  });

  /** Every variant of the algorithm, on each number of threads, against one thread in unshared memory. */
  function check(algorithm: (typeof allAlgorithms)[number], problem: ConvProblem, seed: number): number {
    const data = convData(problem, seed, "reals");
    let variants = 0;
    for (const [inputLayout, outputLayout] of layoutPairs) {
      const context = { inputLayout, outputLayout, exclusiveInput: true, threads: 5 };
      for (const { variant, refusal } of algorithm.variants(problem, context)) {
        if (refusal) continue;
        variants++;
        const outputs = counts.map((threads) => {
          const [provider, heap] = [providers.get(threads)!, heaps.get(threads)!];
          const outcome = runConv({ algorithm, variant, provider, heap, data, threads, last: seed % 3, times: 2 });
          const name = `${JSON.stringify(variant)} ${formatProblem(problem)}, seed ${seed}, ${threads} threads`;
          expect(outcome.failure, name).toBeUndefined();
          expect(outcome.violations, name).toEqual([]);
          return outcome.output;
        });
        for (const [i, output] of outputs.entries()) {
          const at = wordsOf(output).findIndex((word, place) => word !== wordsOf(outputs[0])[place]);
          expect(at, `${JSON.stringify(variant)} ${formatProblem(problem)}: output ${at}, ${counts[i]} threads`).toBe(
            -1,
          );
        }
      }
    }
    return variants;
  }

  test.each(allAlgorithms.map((algorithm) => [algorithm.name, algorithm] as const))("%s", (_, algorithm) => {
    expect(chosen.reduce((sum, problem, seed) => sum + check(algorithm, problem, seed), 0)).toBeGreaterThan(0);
    const random = fc.property(problems(), fc.nat(), (problem, seed) => void check(algorithm, problem, seed));
    fc.assert(random, { numRuns: 15 });
  });
});
