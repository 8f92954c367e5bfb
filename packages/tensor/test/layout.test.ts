import {
  axisOrder,
  type FilterLayout,
  filterLayouts,
  filterStrides,
  imageLayouts,
  imageStrides,
  logicalShape,
  physicalShape,
} from "@leanconv/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "./codes.ts";

const shape = [2, 3, 5, 7];
const shapes = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9));

test("strides of images", () => {
  expect(imageStrides(shape, "nchw")).toEqual({ n: 105, c: 35, h: 7, w: 1 });
  expect(imageStrides(shape, "nhwc")).toEqual({ n: 105, c: 1, h: 21, w: 3 });
});

test("strides of filters", () => {
  expect(filterStrides(shape, "oihw")).toEqual({ o: 105, i: 35, h: 7, w: 1 });
  expect(filterStrides(shape, "hwio")).toEqual({ o: 1, i: 2, h: 42, w: 6 });
  expect(filterStrides(shape, "ohwi")).toEqual({ o: 105, i: 1, h: 21, w: 3 });
  expect(filterStrides(shape, "ihwo")).toEqual({ o: 1, i: 70, h: 14, w: 2 });
});

test("physical shapes spell the layout's name", () => {
  const sizes = { n: 2, c: 3, h: 5, w: 7, o: 11, i: 13 } as const;
  const spelled = (layout: string) => [...layout].map((axis) => sizes[axis as keyof typeof sizes]);
  for (const layout of imageLayouts) expect(physicalShape([2, 3, 5, 7], layout)).toEqual(spelled(layout));
  for (const layout of filterLayouts) expect(physicalShape([11, 13, 5, 7], layout)).toEqual(spelled(layout));
});

test.each([...imageLayouts, ...filterLayouts])("logical and physical shapes are inverse: %s", (layout) => {
  fc.assert(
    fc.property(shapes, (logical) => {
      expect(logicalShape(physicalShape(logical, layout), layout)).toEqual(logical);
      expect(physicalShape(logicalShape(logical, layout), layout)).toEqual(logical);
    }),
  );
});

test.each(imageLayouts)("strides fall by the physical shape: %s", (layout) => {
  const { n, c, h, w } = imageStrides(shape, layout);
  const strides = axisOrder(layout).map((axis) => [n, c, h, w][axis]!);
  const physical = physicalShape(shape, layout);
  expect(strides[3]).toBe(1);
  for (const place of [0, 1, 2]) expect(strides[place]).toBe(strides[place + 1]! * physical[place + 1]!);
});

describe("refusals", () => {
  test("rank, shape, layout and overflow", () => {
    expect(codeOf(() => imageStrides([3, 5, 7], "nchw"))).toBe("argument.rank");
    expect(codeOf(() => imageStrides([1, 3, 5, -7], "nchw"))).toBe("argument.shape");
    expect(codeOf(() => imageStrides([1, 3, 5, 0.5], "nchw"))).toBe("argument.shape");
    expect(codeOf(() => imageStrides([1, 3, 5, Number.NaN], "nchw"))).toBe("argument.shape");
    expect(codeOf(() => imageStrides([2 ** 20, 2 ** 20, 2 ** 20, 1], "nchw"))).toBe("argument.overflow");
    expect(codeOf(() => imageStrides(shape, "chwn" as "nchw"))).toBe("argument.layout");
    expect(codeOf(() => imageStrides(shape, "toString" as "nchw"))).toBe("argument.layout");
    expect(codeOf(() => logicalShape([2, 3], "nhwc"))).toBe("argument.rank");
    expect(codeOf(() => physicalShape(shape, "hwoi" as FilterLayout))).toBe("argument.layout");
  });

  test("the layouts of images and filters are not each other's", () => {
    expect(codeOf(() => imageStrides(shape, "oihw" as "nchw"))).toBe("argument.layout");
    expect(codeOf(() => filterStrides(shape, "nchw" as "oihw"))).toBe("argument.layout");
  });
});
