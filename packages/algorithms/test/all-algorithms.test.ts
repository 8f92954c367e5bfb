import { type ConvAlgorithm, describeConv2d } from "@leanconv/conv";
import { expect, test } from "vitest";
import * as everything from "../src/index.ts";

const { allAlgorithms, fullIm2colElements } = everything;

test("the list holds every algorithm that the package exports, under names of their own", () => {
  const exported = Object.values(everything).filter(
    (value): value is ConvAlgorithm => typeof value === "object" && "variants" in value,
  );
  expect([...allAlgorithms].sort(byName)).toEqual([...exported].sort(byName));
  expect(allAlgorithms.map(({ name }) => name)).toEqual([
    ...["im2col", "mec", "kn2row", "kn2row-as", "kn2row-aa", "kn2col-kw", "implicit-gemm"],
    ...["winograd-f2", "winograd-f4"],
  ]);
});

test("in either layout something takes any problem", () => {
  const problem = describeConv2d({
    ...{ batch: 2, inputChannels: 6, outputChannels: 4, groups: 2, input: [11, 7], kernel: [3, 2] },
    ...{ strides: [2, 3], dilations: [1, 2], padding: [0, 1, 2, 3], bias: true, activation: "hard-swish" },
  });
  for (const layout of ["nchw", "nhwc"] as const) {
    const context = { inputLayout: layout, outputLayout: layout };
    for (const name of ["im2col", "implicit-gemm"]) {
      const algorithm = allAlgorithms.find((one) => one.name === name)!;
      expect(algorithm.variants(problem, context).some(({ refusal }) => refusal === undefined)).toBe(true);
    }
  }
  expect(fullIm2colElements(problem)).toBe(3 * 3 * 2 * problem.oh * problem.ow);
});

function byName(a: ConvAlgorithm, b: ConvAlgorithm): number {
  return a.name < b.name ? -1 : 1;
}
