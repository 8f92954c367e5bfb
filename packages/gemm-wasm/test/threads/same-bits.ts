import { type ConvAlgorithm, type ConvProblem, describeConv2d, formatProblem } from "@leanconv/conv";
import type { Heap } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { expect } from "vitest";
// By file: the rest of the package starts processes, which pages have none of.
import { convData } from "../../../testing/src/conv/conv-data.ts";
import { layoutPairs } from "../../../testing/src/conv/offers.ts";
import { runConv } from "../../../testing/src/conv/run-conv.ts";
import { wordsOf } from "../../../testing/src/guard.ts";

/** Larger than random ones: tiles that do not come out even, fewer rows than threads, groups, few channels. */
export const chosen: readonly ConvProblem[] = [
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

/** Runs every variant of the algorithm on each number of threads and compares with the first. Returns how many there were. */
export function expectSameBits(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  seed: number,
  providers: ReadonlyMap<number, GemmProvider>,
  heaps: ReadonlyMap<number, Heap>,
): number {
  const data = convData(problem, seed, "reals");
  const counts = [...providers.keys()];
  let variants = 0;
  for (const [inputLayout, outputLayout] of layoutPairs) {
    const context = { inputLayout, outputLayout, exclusiveInput: true, threads: Math.max(...counts) };
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
        expect(at, `${JSON.stringify(variant)} ${formatProblem(problem)}: output ${at}, ${counts[i]} threads`).toBe(-1);
      }
    }
  }
  return variants;
}
