import { type ConvProblem, describeConv2d } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { expect, test } from "vitest";
import { fullIm2colElements, im2col } from "../src/index.ts";

const square = (ic: number, size: number, k: number, oc: number, stride: number, padding: number): ConvProblem =>
  describeConv2d({
    ...{ inputChannels: ic, outputChannels: oc, input: [size, size], kernel: [k, k], strides: stride, padding },
  });

/** Elements of the whole patch matrix: algorithms.md section 9. */
const golden = [
  ["alexnet conv1", square(3, 227, 11, 96, 4, 0), 1_098_075],
  ["alexnet_ungrouped conv2", square(96, 27, 5, 256, 1, 2), 1_749_600],
  ["alexnet_ungrouped conv3", square(256, 13, 3, 384, 1, 1), 389_376],
  ["vgg16 conv1_2", square(64, 224, 3, 64, 1, 1), 28_901_376],
  ["vgg16 conv3_2", square(256, 56, 3, 256, 1, 1), 7_225_344],
  ["vgg16 conv5_3", square(512, 14, 3, 512, 1, 1), 903_168],
  ["googlenet inception_3a/5x5", square(16, 28, 5, 32, 1, 2), 313_600],
  ["resnet50 layer2.0.conv2", square(128, 56, 3, 128, 2, 1), 903_168],
  ["squeezenet1_1 conv1", square(3, 227, 3, 64, 2, 0), 344_763],
] as const;

const layouts = { inputLayout: "nchw", outputLayout: "nchw" } as const;

function slotElements(problem: ConvProblem, form: string, rows?: number): number {
  const variant = { form, parameters: rows === undefined ? {} : { rows }, ...layouts };
  return im2col.program(problem, variant, referenceGemm()).slots.reduce((sum, slot) => sum + slot.elements, 0);
}

test.each(golden)("%s books exactly the published elements", (_name, problem, full) => {
  expect(fullIm2colElements(problem)).toBe(full);
  expect(slotElements(problem, "full")).toBe(full);
  for (const rows of [1, 3, problem.oh]) expect(slotElements(problem, "strip", rows)).toBe((full / problem.oh) * rows);
});

test("groups share one matrix, a group's", () => {
  const grouped = describeConv2d({
    ...{ inputChannels: 96, outputChannels: 256, groups: 2, input: [27, 27], kernel: [5, 5], padding: 2 },
  });
  expect(slotElements(grouped, "full")).toBe(1_749_600 / 2);
});

test("a 1x1 kernel at stride 1 stores nothing", () => {
  expect(slotElements(square(64, 56, 1, 256, 1, 0), "pointwise")).toBe(0);
  expect(() => slotElements(square(64, 56, 1, 256, 2, 0), "pointwise")).toThrow(/unsupported.strides/);
});
