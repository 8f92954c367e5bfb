import { type ConvProblem, describeConv2d, requirements } from "@leanconv/conv";
import { referenceGemm } from "@leanconv/gemm";
import { expect, test } from "vitest";
import { loweredElements, mec, mecAlgorithm } from "../src/index.ts";

const square = (ic: number, size: number, k: number, oc: number, stride: number, padding: number): ConvProblem =>
  describeConv2d({
    ...{ inputChannels: ic, outputChannels: oc, input: [size, size], kernel: [k, k], strides: stride, padding },
  });

/** Elements of the lowered matrix with padded rows, with real rows, and of the ring: algorithms.md section 9. */
const golden = [
  ["alexnet conv1", square(3, 227, 11, 96, 4, 0), 412_005, 412_005, 19_965],
  ["alexnet_ungrouped conv2", square(96, 27, 5, 256, 1, 2), 401_760, 349_920, 64_800],
  ["alexnet_ungrouped conv3", square(256, 13, 3, 384, 1, 1), 149_760, 129_792, 29_952],
  ["vgg16 conv1_2", square(64, 224, 3, 64, 1, 1), 9_719_808, 9_633_792, 129_024],
  ["vgg16 conv3_2", square(256, 56, 3, 256, 1, 1), 2_494_464, 2_408_448, 129_024],
  ["vgg16 conv5_3", square(512, 14, 3, 512, 1, 1), 344_064, 301_056, 64_512],
  ["googlenet inception_3a/5x5", square(16, 28, 5, 32, 1, 2), 71_680, 62_720, 11_200],
  ["resnet50 layer2.0.conv2", square(128, 56, 3, 128, 2, 1), 623_616, 602_112, 32_256],
  ["squeezenet1_1 conv1", square(3, 227, 3, 64, 2, 0), 230_859, 230_859, 3_051],
] as const;

const layouts = { inputLayout: "nchw", outputLayout: "nchw" } as const;

function slotElements(problem: ConvProblem, form: string): number {
  const program = mec.program(problem, { form, parameters: {}, ...layouts }, referenceGemm());
  return program.slots.reduce((sum, slot) => sum + slot.elements, 0);
}

test.each(golden)("%s books exactly the published elements", (_name, problem, padded, real, ring) => {
  expect(slotElements(problem, "solution-b")).toBe(padded);
  expect(slotElements(problem, "batch")).toBe(padded);
  expect(slotElements(problem, "real-rows")).toBe(real);
  expect(slotElements(problem, "planes")).toBe(real);
  expect(slotElements(problem, "rolling")).toBe(ring);
});

/** The benchmark layers of section 5.5: im2col and L. */
const benchmark = [
  ["cv1", square(3, 227, 11, 96, 4, 0), 1_098_075, 412_005],
  ["cv2", square(3, 231, 11, 96, 4, 0), 1_138_368, 426_888],
  ["cv3", square(3, 227, 7, 64, 2, 0), 1_811_187, 529_137],
  ["cv4", square(64, 224, 7, 64, 2, 0), 37_258_816, 10_938_368],
  ["cv5", square(96, 24, 5, 256, 1, 0), 960_000, 230_400],
  ["cv6", square(256, 12, 3, 512, 1, 0), 230_400, 92_160],
  ["cv7", square(3, 224, 3, 64, 1, 0), 1_330_668, 447_552],
  ["cv8", square(64, 112, 3, 128, 1, 0), 6_969_600, 2_365_440],
  ["cv9", square(64, 56, 3, 64, 1, 0), 1_679_616, 580_608],
  ["cv10", square(128, 28, 3, 128, 1, 0), 778_752, 279_552],
  ["cv11", square(256, 14, 3, 256, 1, 0), 331_776, 129_024],
  ["cv12", square(512, 7, 3, 512, 1, 0), 115_200, 53_760],
] as const;

test.each(benchmark)("%s: the lowered matrix against im2col", (_name, p, im2col, lowered) => {
  expect(p.ic * p.kh * p.kw * p.oh * p.ow).toBe(im2col);
  expect(loweredElements(p, "padded")).toBe(lowered);
  expect(slotElements(p, "solution-b")).toBe(lowered);
  // The saving is n c ow kw (ih - kh) (kh / sh - 1), section 5.3.
  expect(im2col - lowered).toBeCloseTo(p.ic * p.ow * p.kw * (p.oh * p.kh - p.ih), 6);
});

test("Solution A is chosen up to T output columns, where the output fits into the lowered matrix", () => {
  const reasons = (problem: ConvProblem, threshold: number): string | undefined =>
    mecAlgorithm({ threshold }).variants(problem)[0].refusal?.reason;
  // |O| <= |L| fails for cv3 and cv7 alone, whatever the batch (section 5.2).
  const tooLarge = benchmark.filter(([, problem]) => reasons(problem, 1000) !== undefined).map(([name]) => name);
  expect(tooLarge).toEqual(["cv3", "cv7"]);
  const batched = describeConv2d({
    batch: 32,
    inputChannels: 96,
    outputChannels: 256,
    input: [24, 24],
    kernel: [5, 5],
  });
  expect(reasons(batched, 20)).toBeUndefined();
  expect(reasons(batched, 19)).toMatch(/20 output columns are above the threshold T = 19/);
  expect(loweredElements(batched, "batch")).toBe(32 * 230_400);
});

test("one product per output row: over the whole batch, or per image", () => {
  const problem = describeConv2d({ batch: 3, inputChannels: 4, outputChannels: 5, input: [9, 8], kernel: [3, 3] });
  const gemms = (form: string): unknown => {
    const program = mec.program(problem, { form, parameters: {}, ...layouts }, referenceGemm());
    return requirements(program, referenceGemm()).summary.gemms.map(({ m, n, k, count }) => [m, n, k, count]);
  };
  expect(gemms("solution-a")).toEqual([[5, 18, 36, 7]]);
  expect(gemms("batch")).toEqual([[5, 18, 36, 7]]);
  expect(gemms("solution-b")).toEqual([[5, 6, 36, 21]]);
});

test("turning is offered where the overlap along the width is the larger one", () => {
  const wide = describeConv2d({ inputChannels: 8, outputChannels: 8, input: [17, 17], kernel: [1, 7] });
  const turned = mec.variants(wide).filter(({ variant }) => variant.parameters.turned === 1);
  expect(turned.map(({ variant }) => variant.form)).toEqual(["real-rows", "planes", "panels", "rolling"]);
  const elements = turned.map(({ variant }) => mec.program(wide, variant, referenceGemm()).slots[0].elements);
  // 17 rows of kw * 11 columns lowered, against 17 columns of 17 rows.
  expect(elements.slice(0, 2)).toEqual([17 * 17 * 8, 17 * 17 * 8]);
  expect(loweredElements(wide, "real")).toBe(11 * 17 * 7 * 8);
  const tall = describeConv2d({ inputChannels: 8, outputChannels: 8, input: [17, 17], kernel: [7, 1] });
  expect(mec.variants(tall).some(({ variant }) => variant.parameters.turned === 1)).toBe(false);
});
