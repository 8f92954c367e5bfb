import { example, exampleOutput, runExample } from "@leanconv/testing";
import { expect, test } from "vitest";
import { im2col } from "../src/index.ts";

const variants = im2col
  .variants(example)
  .filter(({ refusal }) => refusal === undefined)
  .map(({ variant }) => [variant.form, variant.parameters] as const);

test.each([...variants, ["strip", { rows: 2 }], ["panels", { rows: 2 }]] as const)(
  "%s %o gives the numbers of the example in both layouts",
  async (form, parameters) => {
    expect((await runExample(im2col, form, "nchw", parameters)).output).toEqual(exampleOutput);
    expect((await runExample(im2col, form, "nhwc", parameters)).output).toEqual(exampleOutput);
  },
);

/** What tap (ky, kx) reads for output (y, x). */
const pixel = (tap: number, at: number): number =>
  7 * (Math.floor(at / 5) + Math.floor(tap / 3)) + (at % 5) + (tap % 3);

test("the patch matrix has 9 x 25 elements: a row for every tap on planes, a row for every pixel in nhwc", async () => {
  const planes = (await runExample(im2col, "full", "nchw")).workspace;
  expect(planes).toEqual(Array.from({ length: 225 }, (_, i) => pixel(Math.floor(i / 25), i % 25)));
  const pixels = (await runExample(im2col, "full", "nhwc")).workspace;
  expect(pixels).toEqual(Array.from({ length: 225 }, (_, i) => pixel(i % 9, Math.floor(i / 9))));
  expect(pixels.slice(0, 9)).toEqual([0, 1, 2, 7, 8, 9, 14, 15, 16]);
});

test("a strip of two output rows is a fifth of that, twice over", async () => {
  expect((await runExample(im2col, "strip", "nchw", { rows: 2 })).workspace).toHaveLength(90);
});
