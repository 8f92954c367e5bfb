import {
  crop,
  type FilterLayout,
  filterLayouts,
  filterToLayout,
  filterView,
  flip,
  type ImageLayout,
  imageLayouts,
  imageView,
  isDense,
  reorder,
  type StridedView,
  toLayout,
} from "@leanconv/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planePairs, viewPairs } from "./arbitrary-view.ts";
import { codeOf } from "./codes.ts";
import { counting, expectedData, guard, guarded, productOf, valuesOf } from "./reference.ts";

const pairs = <L>(layouts: readonly L[]): (readonly [L, L])[] =>
  layouts.flatMap((from) => layouts.map((to) => [from, to] as const));

/** Copies, and compares the target's whole array, guard words included. */
function expectCopied(source: StridedView, target: StridedView): void {
  const before = Float32Array.from(source.data);
  const expected = expectedData(source, target);
  reorder(source, target);
  expect(target.data).toEqual(expected);
  expect(source.data).toEqual(before);
}

describe.each(pairs<ImageLayout>(imageLayouts))("images from %s to %s", (from, to) => {
  test.each([
    [[1, 1, 1, 1]],
    [[1, 3, 5, 7]],
    [[2, 3, 19, 23]],
    [[3, 17, 1, 33]],
    [[1, 37, 27, 1]],
    [[2, 16, 8, 8]],
    [[0, 3, 5, 7]],
  ])("of %j", (shape) => {
    const size = productOf(shape);
    const source = imageView(counting(size + 3), shape, from, 3);
    expectCopied(source, imageView(guarded(5, size), shape, to, 5));
    const converted = toLayout(source, to);
    expect(isDense(converted, to)).toBe(true);
    expect(valuesOf(converted)).toEqual(valuesOf(source));
    expect(toLayout(converted, from).data).toEqual(source.data.subarray(3, 3 + size));
  });
});

describe.each(pairs<FilterLayout>(filterLayouts))("filters from %s to %s", (from, to) => {
  test.each([[[1, 1, 1, 1]], [[5, 3, 3, 3]], [[19, 23, 1, 1]], [[17, 1, 5, 3]], [[1, 33, 7, 2]]])("of %j", (shape) => {
    const size = productOf(shape);
    const source = filterView(counting(size), shape, from);
    expectCopied(source, filterView(guarded(2, size), shape, to, 2));
    const converted = filterToLayout(source, to);
    expect(isDense(converted, to)).toBe(true);
    expect(valuesOf(converted)).toEqual(valuesOf(source));
    expect(filterToLayout(converted, from).data).toEqual(source.data);
  });
});

describe("between any strides", () => {
  test("one to six axes, any order, gaps, reversed, empty", () => {
    fc.assert(
      fc.property(viewPairs, ({ source, target }) => expectCopied(source, target)),
      { numRuns: 500 },
    );
  });

  test("planes with odd edges around tiles and runs", () => {
    fc.assert(fc.property(planePairs, ({ source, target }) => expectCopied(source, target)));
  });

  test("a repeated source (stride 0)", () => {
    const perChannel = { data: counting(3), shape: [2, 3, 5, 7], stride: [0, 1, 0, 0], offset: 0 };
    for (const layout of imageLayouts) expectCopied(perChannel, imageView(guarded(4, 210), [2, 3, 5, 7], layout, 4));
  });

  test("a window of a larger image into a window of another", () => {
    const window = (data: Float32Array, layout: ImageLayout, top: number) =>
      crop(crop(imageView(data, [2, 5, 11, 13], layout), 2, top, 7), 1, 1, 3);
    const source = window(counting(2 * 5 * 11 * 13), "nhwc", 3);
    expectCopied(source, window(guarded(0, 2 * 5 * 11 * 13), "nchw", 0));
  });

  test("both reversed is a straight copy", () => {
    const source = flip(imageView(counting(2 * 3 * 9 * 11), [2, 3, 9, 11], "nchw"), 3);
    expectCopied(source, flip(imageView(guarded(0, 2 * 3 * 9 * 11), [2, 3, 9, 11], "nchw"), 3));
  });

  test("a tensor that ends at the last element", () => {
    const source = imageView(counting(105), [1, 3, 5, 7], "nchw");
    const data = new Float32Array(110).fill(guard);
    expectCopied(source, imageView(data, [1, 3, 5, 7], "nhwc", 5));
    expect(data.subarray(0, 5).every((word) => word === guard)).toBe(true);
  });

  test("bits survive: NaN payloads aside, infinities, -0 and denormals", () => {
    const source = imageView(Float32Array.of(Number.NaN, -0, Number.POSITIVE_INFINITY, 1e-45), [1, 2, 1, 2], "nhwc");
    const copied = valuesOf(toLayout(source, "nchw"));
    for (const [i, value] of valuesOf(source).entries()) expect(Object.is(copied[i], value)).toBe(true);
  });

  test("shared memory works as any other", () => {
    const shared = new Float32Array(new SharedArrayBuffer(4 * 105));
    const source = imageView(counting(105), [1, 3, 5, 7], "nchw");
    expectCopied(source, imageView(shared, [1, 3, 5, 7], "nhwc"));
  });
});

describe("out", () => {
  const source = imageView(counting(105), [1, 3, 5, 7], "nchw");

  test("is written and returned", () => {
    const out = imageView(new Float32Array(105), [1, 3, 5, 7], "nhwc");
    expect(toLayout(source, "nhwc", out)).toBe(out);
    expect(valuesOf(out)).toEqual(valuesOf(source));
  });

  test("without it the result is always a copy", () => {
    expect(toLayout(source, "nchw").data).not.toBe(source.data);
  });

  test("must be dense in the layout and of the shape", () => {
    const other = imageView(new Float32Array(105), [1, 3, 5, 7], "nchw");
    expect(codeOf(() => toLayout(source, "nhwc", other))).toBe("argument.strides");
    const short = imageView(new Float32Array(105), [1, 3, 7, 5], "nhwc");
    expect(codeOf(() => toLayout(source, "nhwc", short))).toBe("argument.shape");
  });
});

describe("refusals", () => {
  const image = imageView(counting(210), [2, 3, 5, 7], "nchw");

  test("shapes that differ", () => {
    expect(codeOf(() => reorder(image, imageView(new Float32Array(210), [2, 5, 3, 7])))).toBe("argument.shape");
    const flat = { data: new Float32Array(210), shape: [210], stride: [1], offset: 0 };
    expect(codeOf(() => reorder(image, flat))).toBe("argument.shape");
  });

  test("a target over its source, unless they are the same view", () => {
    expect(codeOf(() => reorder(image, imageView(image.data, image.shape, "nhwc")))).toBe("argument.range");
    const before = Float32Array.from(image.data);
    reorder(image, { ...image });
    expect(image.data).toEqual(before);
  });

  test("but not two parts of one array that lie apart", () => {
    const twice = imageView(counting(210), [2, 3, 5, 7], "nchw");
    reorder(crop(twice, 0, 0, 1), crop(twice, 0, 1, 1));
    expect(twice.data.subarray(105)).toEqual(counting(105));
  });

  test("a target whose elements share a place", () => {
    const repeated = { data: new Float32Array(210), shape: [2, 3, 5, 7], stride: [0, 35, 7, 1], offset: 0 };
    expect(codeOf(() => reorder(image, repeated))).toBe("argument.strides");
    const sliding = { data: new Float32Array(210), shape: [2, 3, 5, 7], stride: [105, 35, 3, 1], offset: 0 };
    expect(codeOf(() => reorder(image, sliding))).toBe("argument.strides");
    // No two of these axes meet, but all three do: 4 = 1 * 1 + 1 * 3.
    const cube = { data: counting(12), shape: [2, 2, 3], stride: [6, 3, 1], offset: 0 };
    expect(codeOf(() => reorder(cube, { ...cube, data: new Float32Array(12), stride: [4, 3, 1] }))).toBe(
      "argument.strides",
    );
  });

  test("views that leave their data, on either side", () => {
    const short = { ...image, data: new Float32Array(209) };
    expect(codeOf(() => reorder(short, image))).toBe("argument.shape");
    expect(codeOf(() => reorder(image, short))).toBe("argument.shape");
    expect(codeOf(() => reorder(image, { ...image, data: new Float64Array(210) } as unknown as StridedView))).toBe(
      "argument.dtype",
    );
  });

  test("layouts of the other kind", () => {
    expect(codeOf(() => toLayout(image, "oihw" as ImageLayout))).toBe("argument.layout");
    expect(codeOf(() => filterToLayout(image, "nhwc" as FilterLayout))).toBe("argument.layout");
    expect(codeOf(() => toLayout({ ...image, shape: [3, 5, 7], stride: [35, 7, 1] }, "nhwc"))).toBe("argument.rank");
  });
});
