import { describeConv2d, requirements } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { jsGemm } from "@leanconv/gemm-js";
import { exampleOutput, runExample } from "@leanconv/testing";
import { expect, test } from "vitest";
import { implicitGemm } from "../src/index.ts";

test("the numbers of the example in both layouts, with no workspace at all", async () => {
  expect(await runExample(implicitGemm, "implicit", "nchw")).toEqual({ output: exampleOutput, workspace: [] });
  expect(await runExample(implicitGemm, "implicit", "nhwc")).toEqual({ output: exampleOutput, workspace: [] });
});

test("what a provider packs is bounded, whatever the layer", () => {
  const provider = jsGemm();
  for (const size of [14, 56, 224]) {
    const problem = describeConv2d({
      ...{ inputChannels: 64, outputChannels: 64, input: [size, size], kernel: [3, 3], padding: 1 },
    });
    for (const layout of ["nchw", "nhwc"] as const) {
      const [{ variant }] = implicitGemm.variants(problem, { inputLayout: layout });
      const needs = requirements(implicitGemm.program(problem, variant, provider), provider);
      expect(needs.slotBytes).toBe(0);
      expect(needs.scratchBytes).toBeLessThanOrEqual(1 << 20);
      expect(needs.summary.moves).toEqual([]);
    }
  }
});

test("one GEMM per image, with groups as its batch; depthwise too", () => {
  const problem = describeConv2d({
    ...{ batch: 2, inputChannels: 8, outputChannels: 16, groups: 8, input: [9, 8], kernel: [3, 3] },
  });
  const program = implicitGemm.program(problem, implicitGemm.variants(problem)[0].variant, referenceGemm());
  const { gemms } = requirements(program, referenceGemm()).summary;
  expect(gemms).toMatchObject([{ m: 2, n: 42, k: 9, kind: "patch", count: 2, batch: 8 }]);
});
