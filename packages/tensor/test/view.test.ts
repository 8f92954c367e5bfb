import {
  assertView,
  extentOf,
  filterLayoutOf,
  filterLayouts,
  filterView,
  imageLayouts,
  imageView,
  isDense,
  layoutOf,
  rangesOverlap,
  type StridedView,
} from "@leanconv/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { viewPairs } from "./arbitrary-view.ts";
import { codeOf } from "./codes.ts";
import { counting, indicesOf, positionOf } from "./reference.ts";

const shape = [2, 3, 5, 7];
const data = counting(210);

describe("dense views", () => {
  test("share the data and start at the offset", () => {
    const padded = counting(220);
    const view = imageView(padded, shape, "nhwc", 9);
    expect(view.data).toBe(padded);
    expect(padded[positionOf(view, [1, 2, 3, 4])]).toBe(1 + 9 + 1 * 105 + 3 * 21 + 4 * 3 + 2);
  });

  test("the default layouts are nchw and oihw", () => {
    expect(imageView(data, shape)).toEqual(imageView(data, shape, "nchw"));
    expect(filterView(data, shape)).toEqual(filterView(data, shape, "oihw"));
  });

  test.each(imageLayouts)("layoutOf finds %s", (layout) => {
    expect(layoutOf(imageView(data, shape, layout))).toBe(layout);
  });

  test.each(filterLayouts)("filterLayoutOf finds %s", (layout) => {
    expect(filterLayoutOf(filterView(data, shape, layout))).toBe(layout);
  });

  test("the stride of an axis of one element does not matter", () => {
    const view = { data, shape: [1, 3, 5, 7], stride: [-4, 35, 7, 1], offset: 0 };
    expect(isDense(view, "nchw")).toBe(true);
    expect(isDense(view, "nhwc")).toBe(false);
    expect(layoutOf({ ...view, shape: [1, 1, 5, 7] })).toBe("nchw");
  });

  test("gaps are not dense", () => {
    const view = { data, shape: [1, 3, 5, 6], stride: [105, 35, 7, 1], offset: 0 };
    expect(layoutOf(view)).toBeUndefined();
    expect(filterLayoutOf(view)).toBeUndefined();
    expect(isDense({ data, shape: [3, 5], stride: [5, 1], offset: 0 }, "nchw")).toBe(false);
  });

  test("an empty view is dense everywhere", () => {
    expect(isDense({ data, shape: [1, 0, 5, 7], stride: [9, 9, 9, 9], offset: 0 }, "nhwc")).toBe(true);
  });
});

test("the extent is exactly from the lowest to one past the highest element", () => {
  fc.assert(
    fc.property(viewPairs, ({ source }) => {
      const positions = indicesOf(source.shape).map((index) => positionOf(source, index));
      const [low, high] = extentOf(source);
      if (positions.length === 0) expect(low).toBe(high);
      else expect([low, high]).toEqual([Math.min(...positions), Math.max(...positions) + 1]);
    }),
  );
});

describe("assertView", () => {
  const good: StridedView = { data, shape: [3, 5], stride: [5, 1], offset: 0 };
  const check = (change: Partial<Record<keyof StridedView, unknown>>, rank?: number) =>
    codeOf(() => assertView({ ...good, ...change } as StridedView, "test", rank));

  test("takes any sound view, to the last element", () => {
    assertView(good, "test", 2);
    assertView({ ...good, offset: 210 - 15 }, "test");
    assertView({ ...good, stride: [-5, -1], offset: 14 }, "test");
    assertView({ ...good, stride: [0, 0], offset: 209 }, "test");
    assertView({ ...good, shape: [0, 1000] }, "test");
  });

  test("refuses, with codes", () => {
    expect(check({ data: new Float64Array(15) })).toBe("argument.dtype");
    expect(check({ data: [1, 2, 3] })).toBe("argument.dtype");
    expect(check({ data: undefined })).toBe("argument.dtype");
    expect(check({ shape: [3] })).toBe("argument.rank");
    expect(check({ shape: [], stride: [] })).toBe("argument.rank");
    expect(check({ shape: [1, 1, 1, 1, 1, 1, 1], stride: [1, 1, 1, 1, 1, 1, 1] })).toBe("argument.rank");
    expect(check({}, 4)).toBe("argument.rank");
    expect(check({ shape: [3, -1] })).toBe("argument.shape");
    expect(check({ shape: [3, 1.5] })).toBe("argument.shape");
    expect(check({ stride: [5, 0.5] })).toBe("argument.strides");
    expect(check({ stride: [5, Number.NaN] })).toBe("argument.strides");
    expect(check({ offset: -1 })).toBe("argument.range");
    expect(check({ offset: 0.5 })).toBe("argument.range");
    expect(check({ offset: 210 - 14 })).toBe("argument.shape");
    expect(check({ stride: [-5, 1] })).toBe("argument.shape");
    expect(check({ shape: [2 ** 40, 2 ** 40], stride: [2 ** 40, 1] })).toBe("argument.overflow");
  });

  test("tells a detached buffer from one that is too short", () => {
    const moved = new Float32Array(15);
    structuredClone(moved.buffer, { transfer: [moved.buffer] });
    expect(check({ data: moved })).toBe("state.detached");
  });

  test("is what the makers of views check with", () => {
    expect(codeOf(() => imageView(data, [2, 3, 5, 8]))).toBe("argument.shape");
    expect(codeOf(() => imageView(data, shape, "nchw", 1))).toBe("argument.shape");
    expect(codeOf(() => filterView(data, [3, 5, 7]))).toBe("argument.rank");
    expect(codeOf(() => filterView(data, shape, "nhwc" as "oihw"))).toBe("argument.layout");
  });

  test("argument errors are TypeErrors that say where", () => {
    expect(() => assertView({ ...good, offset: 300 }, "conv1, input")).toThrow(TypeError);
    expect(() => assertView({ ...good, offset: 300 }, "conv1, input")).toThrow(/conv1, input: .*300 to 314 of 210/);
  });
});

test("ranges overlap by memory, wherever the arrays start in it", () => {
  const buffer = new ArrayBuffer(400);
  const row = (byteOffset: number, offset: number, length: number): StridedView => ({
    data: new Float32Array(buffer, byteOffset),
    shape: [length],
    stride: [1],
    offset,
  });
  expect(rangesOverlap(row(0, 0, 10), row(40, 0, 10))).toBe(false);
  expect(rangesOverlap(row(0, 0, 11), row(40, 0, 10))).toBe(true);
  expect(rangesOverlap(row(40, 0, 10), row(0, 10, 1))).toBe(true);
  expect(rangesOverlap(row(40, 0, 0), row(0, 10, 1))).toBe(false);
  expect(rangesOverlap(row(0, 0, 10), { ...row(0, 0, 10), data: new Float32Array(10) })).toBe(false);
});
