import { imageView, maxAbsoluteDifference, toLayout } from "@leanconv/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { viewPairs } from "./arbitrary-view.ts";
import { codeOf } from "./codes.ts";
import { counting, valuesOf } from "./reference.ts";

const row = (...values: number[]) => ({
  data: Float32Array.from(values),
  shape: [values.length],
  stride: [1],
  offset: 0,
});

test("equals the largest difference index by index, whatever the strides", () => {
  fc.assert(
    fc.property(viewPairs, ({ source, target }) => {
      target.data.forEach((_, i) => {
        target.data[i] = (i * 7) % 11;
      });
      const other = valuesOf(target);
      const wanted = valuesOf(source).reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0);
      expect(maxAbsoluteDifference(source, target)).toBe(wanted);
      expect(maxAbsoluteDifference(target, source)).toBe(wanted);
    }),
  );
});

test("a change of layout is no difference; one element is", () => {
  const image = imageView(counting(105), [1, 3, 5, 7], "nchw");
  const other = toLayout(image, "nhwc");
  expect(maxAbsoluteDifference(image, other)).toBe(0);
  other.data[104]! += 2;
  expect(maxAbsoluteDifference(image, other)).toBe(2);
});

test("NaN anywhere is NaN, equal infinities are equal", () => {
  expect(maxAbsoluteDifference(row(1, Number.NaN, 9), row(1, 2, 3))).toBeNaN();
  expect(maxAbsoluteDifference(row(1, 2, 9), row(1, Number.NaN, 3))).toBeNaN();
  expect(maxAbsoluteDifference(row(Number.NaN), row(Number.NaN))).toBeNaN();
  expect(maxAbsoluteDifference(row(Infinity, 1), row(Infinity, 1))).toBe(0);
  expect(maxAbsoluteDifference(row(Infinity), row(-Infinity))).toBe(Infinity);
  expect(maxAbsoluteDifference(row(Infinity, Number.NaN), row(0, 0))).toBeNaN();
});

test("refuses different shapes", () => {
  expect(codeOf(() => maxAbsoluteDifference(row(1, 2), row(1, 2, 3)))).toBe("argument.shape");
});
