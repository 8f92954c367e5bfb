import { packedBytes, parseProblem, requirements } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { network } from "@leanconv/layer-tables";
import { example, exampleOutput, runExample } from "@leanconv/testing";
import { describe, expect, test } from "vitest";
import { winogradAlgorithm, winogradF2, winogradF4 } from "../src/index.ts";

const kib = 1024;

describe.each([
  [winogradF2, 16],
  [winogradF4, 36],
] as const)("$name", (algorithm, points) => {
  test.each(["vgg16", "resnet50", "googlenet"] as const)("its workspace keeps the bound on %s", async (name) => {
    using provider = await wasmGemm();
    for (const { problem } of network(name)) {
      for (const inputLayout of ["nchw", "nhwc"] as const) {
        for (const { variant, refusal } of algorithm.variants(problem, { inputLayout })) {
          if (refusal) continue;
          const { workspaceBytes } = requirements(algorithm.program(problem, variant, provider), provider);
          // One panel of tiles is the least: 512 channels at 36 points take 600 KiB.
          const least = 4 * points * 8 * (problem.ic + Math.min(problem.oc, 96)) + 16 * kib;
          expect(workspaceBytes).toBeLessThanOrEqual(Math.max(kib * variant.parameters.boundKib, least));
        }
      }
    }
  });

  test("packed weights are points / 9 times as large, to the byte", () => {
    const p = parseProblem("ic64ih56oc48kh3ph1");
    const [{ variant }] = algorithm.variants(p);
    const provider = referenceGemm();
    expect(packedBytes(algorithm.program(p, variant, provider), provider)).toBe(4 * points * 64 * 48);
  });

  test("multiplications are those of tiles: points for every tile, channel and output channel", () => {
    const p = parseProblem("ic64ih56oc48kh3ph1");
    const tiles = (56 / algorithm.errorClass.tile) ** 2;
    for (const { variant } of algorithm.variants(p)) {
      const { summary } = requirements(algorithm.program(p, variant, referenceGemm()), referenceGemm());
      expect(summary.macs).toBe(points * tiles * 64 * 48);
    }
  });

  test("the published numbers of the example, in both layouts", async () => {
    const { form, parameters } = algorithm.variants(example)[0].variant;
    for (const layout of ["nchw", "nhwc"] as const) {
      const { output } = await runExample(algorithm, form, layout, parameters);
      output.forEach((value, at) => {
        expect(value).toBeCloseTo(exampleOutput[at], 3);
      });
    }
  });
});

test("a small bound makes more blocks, and bounds beyond the whole image are not offered", () => {
  const p = parseProblem("ic16ih28oc16kh3ph1");
  const one = winogradAlgorithm(2, { boundsKib: [16, 64, 4096, 8192] });
  const offers = one.variants(p).map(({ variant }) => variant.parameters.boundKib);
  expect(offers).toEqual([16, 64, 4096]);
  const summaries = one.variants(p).map(({ variant }) => {
    return requirements(one.program(p, variant, referenceGemm()), referenceGemm()).summary;
  });
  // One piece of output channels, so one call of the product a block.
  const blocks = summaries.map(({ gemms }) => gemms.reduce((calls, { count }) => calls + count, 0));
  expect(blocks[2]).toBe(1);
  expect(blocks[0]).toBeGreaterThan(blocks[1]);
  expect(blocks[1]).toBeGreaterThan(blocks[2]);
});

test("many blocks with few weights are parts of one phase, and each thread has tiles of its own", () => {
  const slotsOf = (text: string, boundKib: number) => {
    const p = parseProblem(text);
    const variant = { form: "blocks", parameters: { boundKib }, inputLayout: "nhwc", outputLayout: "nhwc" } as const;
    const provider = referenceGemm();
    const program = winogradF2.program(p, variant, provider);
    const { summary } = requirements(program, provider);
    return { phases: summary.phases, own: program.slots.find(({ name }) => name === "tiles")?.perThread === true };
  };
  expect(slotsOf("ic16ih56oc16kh3ph1", 64)).toEqual({ phases: 1, own: true });
  // One block: its phases are shared.
  expect(slotsOf("ic16ih56oc16kh3ph1", 4096)).toEqual({ phases: 2, own: false });
  // 16 points of 257 x 256 weights: more than each thread should read for itself.
  const { phases, own } = slotsOf("ic257ih56oc256kh3ph1", 256);
  expect(own).toBe(false);
  expect(phases).toBeGreaterThan(16);
});

test("a bound that is none is refused", () => {
  const p = parseProblem("ic3ih8oc3kh3");
  const variant = { form: "blocks", parameters: { boundKib: 0 }, inputLayout: "nchw", outputLayout: "nchw" } as const;
  expect(() => winogradF2.program(p, variant, referenceGemm())).toThrow(/argument\.range/);
});
