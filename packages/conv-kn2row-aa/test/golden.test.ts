import { describeConv2d } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { expect, test } from "vitest";
import { kn2rowAa } from "../src/index.ts";
import { kn2rowAaSlots } from "../src/slots.ts";

/** Elements of a slice and of the columns saved by punching: algorithms.md section 9 gives these numbers. */
const golden = [
  ["alexnet conv1", [3, 227, 11, 96, 4, 0], 9405, undefined],
  ["alexnet_ungrouped conv2", [96, 27, 5, 256, 1, 2], 69984, 5184],
  ["alexnet_ungrouped conv3", [256, 13, 3, 384, 1, 1], 43264, 3328],
  ["vgg16 conv1_2", [64, 224, 3, 64, 1, 1], 3211264, 14336],
  ["vgg16 conv3_2", [256, 56, 3, 256, 1, 1], 802816, 14336],
  ["vgg16 conv5_3", [512, 14, 3, 512, 1, 1], 100352, 7168],
  ["googlenet inception_3a/5x5", [16, 28, 5, 32, 1, 2], 12544, 896],
  ["resnet50 layer2.0.conv2", [128, 56, 3, 128, 2, 1], 100352, undefined],
  ["squeezenet1_1 conv1", [3, 227, 3, 64, 2, 0], 38646, undefined],
] as const;

test.each(golden)("%s books exactly the published elements", (_name, [ic, size, k, oc, stride, pad], slice, saved) => {
  const problem = describeConv2d({
    ...{ inputChannels: ic, outputChannels: oc, input: [size, size], kernel: [k, k], strides: stride, padding: pad },
  });
  const elements = (form: string): number => {
    const variant = { form, parameters: {}, inputLayout: "nchw", outputLayout: "nchw" } as const;
    const { slots } = kn2rowAa.program(problem, variant, referenceGemm());
    expect(slots).toEqual(kn2rowAaSlots(problem, variant));
    return slots.reduce((sum, slot) => sum + slot.elements, 0);
  };
  expect(elements("window")).toBe(0);
  expect(elements("rows")).toBe(0);
  expect(elements("slice")).toBe(slice);
  if (saved === undefined) expect(() => elements("punch")).toThrow(/unsupported/);
  else expect(elements("punch")).toBe(saved);
});

test("punching is offered for exclusive inputs only", () => {
  const problem = describeConv2d({ inputChannels: 2, outputChannels: 3, input: [7, 5], kernel: [3, 3], padding: 1 });
  const refusals = (exclusiveInput: boolean): (string | undefined)[] =>
    kn2rowAa
      .variants(problem, { exclusiveInput })
      .filter(({ variant }) => variant.form === "punch")
      .map(({ refusal }) => refusal?.code);
  expect(new Set(refusals(false))).toEqual(new Set(["unsupported.shared-input"]));
  expect(new Set(refusals(true))).toEqual(new Set([undefined]));
});

test.each(["constructor", "toString", "__proto__", "no such form"])("%s is no form", (form) => {
  const problem = describeConv2d({ inputChannels: 2, outputChannels: 3, input: [7, 5], kernel: [3, 3], padding: 1 });
  const variant = { form, parameters: {}, inputLayout: "nchw", outputLayout: "nchw" } as const;
  expect(() => kn2rowAa.program(problem, variant, referenceGemm())).toThrow(/argument\.name/);
});
