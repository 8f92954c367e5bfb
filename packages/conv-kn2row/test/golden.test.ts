import { type ConvAlgorithm, type ConvProblem, describeConv2d, requirements, type Variant } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { expect, test } from "vitest";
import { kn2row, kn2rowAs } from "../src/index.ts";

const square = (ic: number, size: number, k: number, oc: number, stride: number, padding: number): ConvProblem =>
  describeConv2d({
    ...{ inputChannels: ic, outputChannels: oc, input: [size, size], kernel: [k, k], strides: stride, padding },
  });

/** Elements of the products of all taps (kn2row) and of one (kn2row-as): algorithms.md section 9. */
const golden = [
  ["alexnet conv1", square(3, 227, 11, 96, 4, 0), 598_560_864, 4_946_784],
  ["alexnet_ungrouped conv2", square(96, 27, 5, 256, 1, 2), 4_665_600, 186_624],
  ["alexnet_ungrouped conv3", square(256, 13, 3, 384, 1, 1), 584_064, 64_896],
  ["vgg16 conv1_2", square(64, 224, 3, 64, 1, 1), 28_901_376, 3_211_264],
  ["vgg16 conv3_2", square(256, 56, 3, 256, 1, 1), 7_225_344, 802_816],
  ["vgg16 conv5_3", square(512, 14, 3, 512, 1, 1), 903_168, 100_352],
  ["googlenet inception_3a/5x5", square(16, 28, 5, 32, 1, 2), 627_200, 25_088],
  ["resnet50 layer2.0.conv2", square(128, 56, 3, 128, 2, 1), 3_612_672, 401_408],
  ["squeezenet1_1 conv1", square(3, 227, 3, 64, 2, 0), 29_680_704, 3_297_856],
] as const;

function variant(form: string, parameters: Variant["parameters"] = {}): Variant {
  return { form, parameters, inputLayout: "nchw", outputLayout: "nchw" };
}

function slotElements(algorithm: ConvAlgorithm, problem: ConvProblem, chosen: Variant): number {
  return algorithm.program(problem, chosen, referenceGemm()).slots.reduce((sum, slot) => sum + slot.elements, 0);
}

test.each(golden)("%s books exactly the published elements", (_name, problem, all, one) => {
  expect(slotElements(kn2row, problem, variant("whole"))).toBe(all);
  expect(slotElements(kn2rowAs, problem, variant("whole"))).toBe(one);
  expect(slotElements(kn2rowAs, problem, variant("aligned"))).toBe(one);
  expect(slotElements(kn2rowAs, problem, variant("strip", { rows: 4 }))).toBe((one / problem.ih) * 4);
});

test("strips are offered up to their sizes in bytes, in multiples of the stride", () => {
  for (const [, problem] of golden) {
    for (const { variant: chosen } of kn2rowAs.variants(problem)) {
      if (chosen.form !== "strip") continue;
      expect(chosen.parameters.rows % problem.sh).toBe(0);
      expect(chosen.parameters.rows).toBeLessThan(problem.ih);
      expect(slotElements(kn2rowAs, problem, chosen) * 4).toBeLessThanOrEqual(4 << 20);
    }
  }
});

/** Multiply-adds of the program over those of the convolution. */
function waste(problem: ConvProblem, form: string): number {
  const program = kn2rowAs.program(problem, variant(form), referenceGemm());
  return requirements(program, referenceGemm()).summary.macs / problem.macs;
}

test("at a stride most products are computed for nothing: the figures of section 4.2", () => {
  expect(waste(golden[7][1], "whole")).toBeCloseTo(3.88, 2);
  expect(waste(golden[0][1], "whole")).toBeCloseTo(16.3, 1);
  // At stride 1 the rows outside of the image are saved.
  expect(waste(golden[5][1], "whole")).toBeCloseTo(0.952, 3);
});

test("one GEMM for all taps, or one for each", () => {
  const problem = describeConv2d({ inputChannels: 6, outputChannels: 8, groups: 2, input: [9, 8], kernel: [3, 3] });
  const gemms = (algorithm: ConvAlgorithm, form: string): unknown =>
    requirements(algorithm.program(problem, variant(form), referenceGemm()), referenceGemm()).summary.gemms.map(
      ({ m, n, k, count }) => [m, n, k, count],
    );
  expect(gemms(kn2row, "whole")).toEqual([[36, 72, 3, 2]]);
  expect(gemms(kn2rowAs, "whole")).toEqual([[4, 56, 3, 18]]);
  // The aligned tap multiplies its own window only.
  expect(gemms(kn2rowAs, "aligned")).toEqual([
    [4, 42, 3, 2],
    [4, 56, 3, 16],
  ]);
});

test("a 1x1 kernel without padding is the aligned product alone and stores nothing", () => {
  const problem = describeConv2d({
    ...{ inputChannels: 6, outputChannels: 8, input: [9, 8], kernel: [1, 1], bias: true, activation: "relu" },
  });
  const program = kn2rowAs.program(problem, variant("aligned"), referenceGemm());
  expect(program.slots).toEqual([]);
  expect(program.kernels).toHaveLength(1);
});
