import { example, exampleOutput, runExample } from "@leanconv/testing";
import { expect, test } from "vitest";
import { loweredElements, mec } from "../src/index.ts";

const variants = mec
  .variants(example)
  .filter(({ refusal }) => refusal === undefined)
  .map(({ variant }) => [variant.form, variant.parameters] as const);

test.each(variants)("%s gives the published numbers in both layouts", async (form, parameters) => {
  expect((await runExample(mec, form, "nchw", parameters)).output).toEqual(exampleOutput);
  expect((await runExample(mec, form, "nhwc", parameters)).output).toEqual(exampleOutput);
});

test("the lowered matrix is 5 x 21: rows A to E, each a strip of the image three columns wide", async () => {
  const { workspace } = await runExample(mec, "solution-b", "nhwc");
  expect(workspace).toHaveLength(105);
  expect(workspace.slice(0, 21)).toEqual([
    ...[0, 1, 2, 7, 8, 9, 14, 15, 16, 21, 22, 23, 28, 29, 30, 35, 36, 37, 42, 43, 44],
  ]);
  const strips = [0, 1, 2, 3, 4].map((x) => workspace.slice(21 * x, 21 * x + 21));
  expect(strips[4].slice(0, 6)).toEqual([4, 5, 6, 11, 12, 13]);
  // Output row y is the 5 x 9 block from column 3y on: P, Q, R, S and T of the paper.
  const rows = [0, 1, 2, 3, 4].map((y) =>
    strips.map((strip) => strip.slice(3 * y, 3 * y + 9).reduce((sum, value) => sum + value, 0)),
  );
  expect(rows.flat()).toEqual(exampleOutput);
});

test("as planes the same elements lie the other way round", async () => {
  const [columns, planes] = await Promise.all(
    ["solution-b", "planes"].map(async (form) => (await runExample(mec, form, "nchw")).workspace),
  );
  expect(planes).toEqual(Array.from({ length: 105 }, (_, i) => columns[21 * (i % 5) + Math.floor(i / 5)]));
});

test("the ring holds three rows, and at the end those of the last output row", async () => {
  expect(loweredElements(example, "ring")).toBe(45);
  const { workspace } = await runExample(mec, "rolling", "nchw");
  expect(workspace).toHaveLength(45);
  // Image rows 4, 5 and 6 at places 1, 2 and 0: the first of every strip of three.
  expect([workspace[15], workspace[30], workspace[0]]).toEqual([28, 35, 42]);
});
