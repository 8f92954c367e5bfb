import {
  filterLayouts,
  filterView,
  imageLayouts,
  imageView,
  logicalShape,
  physicalShape,
  reorder,
  type StridedView,
  type TensorLayout,
} from "@leanconv/tensor";
import { fromNdarray, reorderNdarray, toLayoutNdarray, toNdarray, transposed } from "@leanconv/tensor/ndarray";
import fc from "fast-check";
import ndarray, { type NdArray } from "ndarray";
import { describe, expect, test } from "vitest";
import { planePairs, viewPairs } from "./arbitrary-view.ts";
import { codeOf } from "./codes.ts";
import { counting, guarded, productOf, valuesOf } from "./reference.ts";

const shape = [2, 3, 5, 7];
const layouts: readonly TensorLayout[] = [...imageLayouts, ...filterLayouts];

describe("in and out", () => {
  test("share the memory", () => {
    const data = counting(210);
    const nd = toNdarray(imageView(data, shape, "nhwc"));
    expect(nd.data).toBe(data);
    nd.set(1, 2, 3, 4, -1);
    const view = fromNdarray(nd);
    expect(view.data).toBe(data);
    expect(view.data[105 + 3 * 21 + 4 * 3 + 2]).toBe(-1);
    expect(view).toEqual(imageView(data, shape, "nhwc"));
  });

  test("keep every view as it is: gaps, reversed axes, offsets", () => {
    fc.assert(
      fc.property(viewPairs, ({ source }) => {
        expect(fromNdarray(toNdarray(source))).toEqual(source);
      }),
    );
  });

  test("an ndarray is a view as it stands", () => {
    const nd = ndarray(counting(210), shape).step(1, -1, 2, 1).lo(0, 1);
    const view: StridedView = nd;
    const target = imageView(new Float32Array(productOf(nd.shape)), nd.shape, "nhwc");
    reorder(view, target);
    for (const [i, c, h, w] of [
      [0, 0, 0, 0],
      [1, 1, 2, 6],
      [0, 1, 1, 3],
    ] as const) {
      expect(valuesOf(target)[((i * 2 + c) * 3 + h) * 7 + w]).toBe(nd.get(i, c, h, w));
    }
  });

  test.each(layouts)("with axes in the order of memory: %s", (layout) => {
    const nd = ndarray(counting(210), [...physicalShape(shape, layout)]);
    const view = fromNdarray(nd, layout);
    expect(view.shape).toEqual(shape);
    expect(toNdarray(view, layout).shape).toEqual(nd.shape);
    expect(toNdarray(view, layout).stride).toEqual(nd.stride);
  });

  test("a single image may leave out n", () => {
    const view = fromNdarray(ndarray(counting(105), [5, 7, 3]), "nhwc");
    expect(view.shape).toEqual([1, 3, 5, 7]);
    expect(valuesOf(view)).toEqual(valuesOf(imageView(counting(105), [1, 3, 5, 7], "nhwc")));
  });

  test("refuse what no view can be", () => {
    expect(codeOf(() => fromNdarray(ndarray(new Float64Array(6), [2, 3])))).toBe("argument.dtype");
    expect(codeOf(() => fromNdarray(ndarray([1, 2, 3])))).toBe("argument.dtype");
    // ndarray itself takes both of these without a word.
    expect(codeOf(() => fromNdarray(ndarray(new Float32Array(4), [10, 10])))).toBe("argument.shape");
    expect(codeOf(() => fromNdarray(ndarray(new Float32Array(4), [2, 2], [2, 0.5])))).toBe("argument.strides");
    expect(codeOf(() => fromNdarray(ndarray(new Float32Array(6), [2, 3]), "nhwc"))).toBe("argument.rank");
    expect(codeOf(() => fromNdarray(ndarray(new Float32Array(6), [1, 2, 3]), "oihw"))).toBe("argument.rank");
    expect(codeOf(() => fromNdarray(ndarray(new Float32Array(6), [1, 1, 2, 3]), "x" as "nhwc"))).toBe(
      "argument.layout",
    );
    expect(codeOf(() => toNdarray({ data: counting(6), shape: [6], stride: [1], offset: 1 }))).toBe("argument.shape");
  });
});

describe("reorderNdarray", () => {
  const expectEqual = ({ source, target }: { source: StridedView; target: StridedView }) => {
    const ours = { ...target, data: Float32Array.from(target.data) };
    reorder(source, ours);
    reorderNdarray(toNdarray(target), toNdarray(source));
    expect(target.data).toEqual(ours.data);
  };

  test("equals reorder between any strides, guard words included", () => {
    fc.assert(fc.property(viewPairs, expectEqual));
    fc.assert(fc.property(planePairs, expectEqual), { numRuns: 50 });
  });

  test("returns the target, and refuses what reorder refuses", () => {
    const a = ndarray(counting(12), [3, 4]);
    const b = ndarray(new Float32Array(12), [3, 4]);
    expect(reorderNdarray(b, a)).toBe(b);
    expect(codeOf(() => reorderNdarray(b, a.transpose(1, 0)))).toBe("argument.shape");
    expect(codeOf(() => reorderNdarray(ndarray(a.data, [4, 3]), a.transpose(1, 0)))).toBe("argument.range");
    const doubles = ndarray(new Float64Array(12), [3, 4]) as unknown as NdArray<Float32Array>;
    expect(codeOf(() => reorderNdarray(doubles, a))).toBe("argument.dtype");
  });
});

describe("toLayoutNdarray", () => {
  const pairs = layouts.flatMap((from) => layouts.map((to) => [from, to] as const));
  const isFilter = (layout: TensorLayout) => layout.includes("o");

  test.each(pairs.filter(([from, to]) => isFilter(from) === isFilter(to)))("%s to %s", (from, to) => {
    const nd = ndarray(counting(210), [...physicalShape(shape, from)]);
    const converted = toLayoutNdarray(nd, from, to);
    expect(logicalShape(converted.shape, to)).toEqual(shape);
    const make = isFilter(from) ? filterView : imageView;
    const target = make(new Float32Array(210), shape, to as never);
    reorder(make(nd.data, shape, from as never), target);
    expect(converted.data).toEqual(target.data);
    expect(toLayoutNdarray(converted, to, from).data).toEqual(nd.data);
  });

  test("single images, HWC to CHW and back", () => {
    const hwc = ndarray(counting(105), [5, 7, 3]);
    const chw = toLayoutNdarray(hwc, "nhwc", "nchw");
    expect(chw.shape).toEqual([3, 5, 7]);
    expect(chw.get(2, 3, 4)).toBe(hwc.get(3, 4, 2));
    expect(toLayoutNdarray(chw, "nchw", "nhwc").data).toEqual(hwc.data);
  });

  test("writes into out", () => {
    const hwc = ndarray(counting(105), [5, 7, 3]);
    const out = ndarray(guarded(4, 105), [3, 5, 7], [35, 7, 1], 4);
    expect(toLayoutNdarray(hwc, "nhwc", "nchw", out)).toBe(out);
    expect(out.data.subarray(4, 109)).toEqual(toLayoutNdarray(hwc, "nhwc", "nchw").data);
    expect(codeOf(() => toLayoutNdarray(hwc, "nhwc", "nchw", ndarray(new Float32Array(105), [5, 7, 3])))).toBe(
      "argument.shape",
    );
  });

  test("refuses an image as a filter, and other ranks", () => {
    const nd = ndarray(counting(210), shape);
    expect(codeOf(() => toLayoutNdarray(nd, "nchw", "oihw"))).toBe("argument.layout");
    expect(codeOf(() => toLayoutNdarray(ndarray(counting(35), [5, 7]), "nchw", "nhwc"))).toBe("argument.rank");
  });
});

test("transposed keeps the data and refuses a repeated axis", () => {
  const nd = ndarray(counting(30), [2, 3, 5]);
  const turned = transposed(nd, [2, 0, 1]);
  expect(turned.data).toBe(nd.data);
  expect(turned.shape).toEqual([5, 2, 3]);
  expect(turned.get(4, 1, 2)).toBe(nd.get(1, 2, 4));
  expect(codeOf(() => transposed(nd, [0, 0, 1]))).toBe("argument.rank");
});
