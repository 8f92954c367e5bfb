import type { Heap } from "@leanconv/core";
import { type GemmProvider, referenceGemm } from "@leanconv/gemm";
import { checkVariant, convData, problems, runConv, testConvAlgorithm, wrapProvider } from "@leanconv/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gather, type Spoiled } from "./gather.ts";

testConvAlgorithm({
  algorithm: gather(),
  providers: [referenceGemm],
  layouts: ["nchw", "nhwc"],
  refuses: [],
  runs: 20,
});

const cases = fc.sample(problems(), { seed: 5, numRuns: 60 });
const variant = { form: "only", parameters: {}, inputLayout: "nhwc", outputLayout: "nchw" } as const;

async function findings(spoil: Spoiled, provider: GemmProvider = referenceGemm()): Promise<string[]> {
  const heap: Heap = await provider.createHeap(2 << 20);
  return cases.flatMap((problem, seed) => {
    const data = convData(problem, seed, "integers");
    return checkVariant({ algorithm: gather(spoil), variant, provider, heap, data, seed }) ?? [];
  });
}

const mistakes: Record<string, Spoiled> = {
  "forgets the bias": { gemm: ({ bias: _, ...rest }) => rest },
  "forgets the activation": { gemm: ({ activation: _, ...rest }) => rest },
  "accumulates into an output that was never begun": { gemm: (descriptor) => ({ ...descriptor, beta: 1 }) },
  "forgets the last row": { gemm: (descriptor) => ({ ...descriptor, rows: descriptor.rows - 1 }) },
  "takes dilation for none": {
    gemm: (d, { p }) => {
      const taps = Array.from({ length: p.kh * p.kw }, (_, i) => ({
        dy: Math.floor(i / p.kw) - p.pt,
        dx: (i % p.kw) - p.pl,
      }));
      return d.b.kind === "patch" ? { ...d, b: { ...d.b, taps } } : d;
    },
  },
  "reads its workspace before writing it": {
    slots: [{ name: "sum", elements: 1 }],
    steps: (product, { kernels }) => [
      product,
      {
        kernel: kernels.kernel({ kind: "add", dtype: "float32", extents: [1], source: [1], target: [1] }),
        at: { source: { of: "sum", at: 0 }, target: { of: "output", at: 0 } },
      },
    ],
  },
};

describe("the algorithm kit finds an algorithm that", () => {
  test.each(Object.entries(mistakes))("%s", async (_, spoil) => {
    expect((await findings(spoil)).length).toBeGreaterThan(0);
  });

  test("runs on a provider that writes the input", async () => {
    const writing = wrapProvider(referenceGemm(), (kernel, _, heap) => ({
      run(call) {
        kernel.run(call);
        heap.float32[call.b] = 0;
      },
    }));
    expect(await findings({}, writing)).toEqual(expect.arrayContaining([expect.stringContaining("of the input")]));
  });

  test("runs on a provider that remembers the last run", async () => {
    let calls = 0;
    const remembering = wrapProvider(referenceGemm(), (kernel, _, heap) => ({
      run(call) {
        kernel.run(call);
        if (calls++ % 2 === 1) heap.float32[call.c] += 1;
      },
    }));
    expect((await findings({}, remembering)).length).toBeGreaterThan(0);
  });

  test("declares more workspace than it touches", async () => {
    const provider = referenceGemm();
    const heap = await provider.createHeap(2 << 20);
    const data = convData(cases[0], 1, "integers");
    const algorithm = gather({ slots: [{ name: "unused", elements: 5 }] });
    const { touched, violations } = runConv({ algorithm, variant, provider, heap, data, last: 0 });
    expect(touched).toEqual({ unused: 0 });
    expect(violations).toEqual([]);
  });

  test("makes no mistake: nothing", async () => {
    expect(await findings({})).toEqual([]);
  });
});
