import { allAlgorithms } from "@leanconv/algorithms";
import type { ConvAlgorithm, ConvProblem } from "@leanconv/conv";
import type { Heap } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { problems } from "@leanconv/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wasmGemm } from "../../src/index.ts";
import { chosen, expectSameBits } from "./same-bits.ts";

const counts = [1, 2, 3, 5];

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

  const check = (algorithm: ConvAlgorithm, problem: ConvProblem, seed: number): number =>
    expectSameBits(algorithm, problem, seed, providers, heaps);

  test.each(allAlgorithms.map((algorithm) => [algorithm.name, algorithm] as const))("%s", (_, algorithm) => {
    expect(chosen.reduce((sum, problem, seed) => sum + check(algorithm, problem, seed), 0)).toBeGreaterThan(0);
    const random = fc.property(problems(), fc.nat(), (problem, seed) => void check(algorithm, problem, seed));
    fc.assert(random, { numRuns: 15 });
  });
});
