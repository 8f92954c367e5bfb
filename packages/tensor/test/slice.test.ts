import { crop, cropImage, flip, imageView, permute, type StridedView } from "@leanconv/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { viewPairs } from "./arbitrary-view.ts";
import { codeOf } from "./codes.ts";
import { counting, indicesOf, positionOf, valuesOf } from "./reference.ts";

const image = imageView(counting(2 * 3 * 5 * 7), [2, 3, 5, 7], "nhwc");

/** A view, one of its axes and a range in it. */
const cuts = viewPairs.chain(({ source }) =>
  fc
    .nat(source.shape.length - 1)
    .chain((axis) =>
      fc
        .nat(source.shape[axis]!)
        .chain((begin) => fc.nat(source.shape[axis]! - begin).map((size) => ({ view: source, axis, begin, size }))),
    ),
);

const at = (view: StridedView, index: readonly number[]) => view.data[positionOf(view, index)];

describe("crop", () => {
  test("index i of the crop is index begin + i of the view", () => {
    fc.assert(
      fc.property(cuts, ({ view, axis, begin, size }) => {
        const cropped = crop(view, axis, begin, size);
        expect(cropped.data).toBe(view.data);
        expect(cropped.shape).toEqual(view.shape.with(axis, size));
        for (const index of indicesOf(cropped.shape)) {
          expect(at(cropped, index)).toBe(at(view, index.with(axis, index[axis]! + begin)));
        }
      }),
    );
  });

  test("by ranges of an image", () => {
    const window = cropImage(image, { c: [1, 3], h: [2, 5], w: [0, 6] });
    expect(window.shape).toEqual([2, 2, 3, 6]);
    expect(at(window, [1, 0, 0, 5])).toBe(at(image, [1, 1, 2, 5]));
    expect(cropImage(image, {})).toBe(image);
  });

  test("refuses ranges outside of the view", () => {
    expect(codeOf(() => crop(image, 1, 2, 2))).toBe("argument.range");
    expect(codeOf(() => crop(image, 1, -1, 2))).toBe("argument.range");
    expect(codeOf(() => crop(image, 1, 0, 0.5))).toBe("argument.range");
    expect(codeOf(() => crop(image, 4, 0, 1))).toBe("argument.range");
    expect(codeOf(() => cropImage(image, { h: [3, 2] }))).toBe("argument.range");
    expect(codeOf(() => cropImage(crop(permute(image, [0, 1, 2, 3]), 0, 0, 1), { n: [0, 2] }))).toBe("argument.range");
    expect(codeOf(() => cropImage({ data: image.data, shape: [3], stride: [1], offset: 0 }, {}))).toBe("argument.rank");
  });
});

describe("flip", () => {
  test("reverses one axis, and twice is nothing", () => {
    fc.assert(
      fc.property(cuts, ({ view, axis }) => {
        const flipped = flip(view, axis);
        for (const index of indicesOf(view.shape)) {
          expect(at(flipped, index)).toBe(at(view, index.with(axis, view.shape[axis]! - 1 - index[axis]!)));
        }
        expect(valuesOf(flip(flipped, axis))).toEqual(valuesOf(view));
      }),
    );
  });

  test("refuses an axis that is not there", () => {
    expect(codeOf(() => flip(image, -1))).toBe("argument.range");
    expect(codeOf(() => flip(image, 4))).toBe("argument.range");
  });
});

describe("permute", () => {
  test("axis k of the result is axis axes[k]", () => {
    const axes = [3, 1, 0, 2];
    const permuted = permute(image, axes);
    expect(permuted.shape).toEqual([7, 3, 2, 5]);
    for (const index of indicesOf(permuted.shape)) {
      const original: number[] = [];
      axes.forEach((axis, k) => {
        original[axis] = index[k]!;
      });
      expect(at(permuted, index)).toBe(at(image, original));
    }
  });

  test("refuses anything but every axis once", () => {
    for (const axes of [
      [0, 1, 2],
      [0, 1, 2, 2],
      [0, 1, 2, 4],
      [0, 1, 2, 3, 3],
    ]) {
      expect(codeOf(() => permute(image, axes))).toBe("argument.rank");
    }
  });
});
