import { exactProduct, roundUp } from "@leanconv/core";
import { expect, test } from "vitest";

test.each([
  [0, 16, 0],
  [1, 16, 16],
  [16, 16, 16],
  [17, 16, 32],
  [2 ** 40 + 1, 65536, 2 ** 40 + 65536],
])("roundUp(%d, %d) is %d", (value, step, expected) => {
  expect(roundUp(value, step)).toBe(expected);
});

test("exactProduct multiplies up to the last exact integer", () => {
  expect(exactProduct("here")).toBe(1);
  expect(exactProduct("here", 3, 5, 7)).toBe(105);
  expect(exactProduct("here", 2 ** 40, 0)).toBe(0);
  expect(exactProduct("here", 2 ** 53 - 1)).toBe(Number.MAX_SAFE_INTEGER);
});

test.each([[[2 ** 53]], [[2 ** 30, 2 ** 30]], [[1e200, 1e200]], [[0.5]], [[Number.NaN]]])(
  "exactProduct refuses %j",
  (factors) => {
    expect(() => exactProduct("layer conv1: output", ...factors)).toThrowError(
      expect.objectContaining({ code: "argument.overflow", message: expect.stringMatching(/^layer conv1: output: /) }),
    );
  },
);

test("an overflow names its factors", () => {
  expect(() => exactProduct("here", 2 ** 30, 2 ** 30, 3)).toThrowError(/got 1073741824 \* 1073741824 \* 3/);
});
