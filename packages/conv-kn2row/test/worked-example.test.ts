import { exampleOutput, runExample } from "@leanconv/testing";
import { expect, test } from "vitest";
import { kn2row, kn2rowAs } from "../src/index.ts";

const forms = [
  [kn2row, "whole", {}],
  [kn2rowAs, "whole", {}],
  [kn2rowAs, "aligned", {}],
  [kn2rowAs, "strip", { rows: 1 }],
  [kn2rowAs, "strip", { rows: 3 }],
] as const;

test.each(forms)("$name %s gives the numbers of the example in both layouts", async (algorithm, form, parameters) => {
  expect((await runExample(algorithm, form, "nchw", parameters)).output).toEqual(exampleOutput);
  expect((await runExample(algorithm, form, "nhwc", parameters)).output).toEqual(exampleOutput);
});

const image = Array.from({ length: 49 }, (_, i) => i);

test("kn2row stores the products of nine taps: with weights of one, nine times the image", async () => {
  expect((await runExample(kn2row, "whole", "nchw")).workspace).toEqual(Array(9).fill(image).flat());
  // kn2col: the nine products of a pixel next to each other.
  expect((await runExample(kn2row, "whole", "nhwc")).workspace).toEqual(image.flatMap((value) => Array(9).fill(value)));
});

test("kn2row-as stores the rows of one tap that it needs", async () => {
  // The last tap reads rows 2 to 6; rows 0 and 1 are those of taps before it.
  expect((await runExample(kn2rowAs, "whole", "nchw")).workspace).toEqual(image);
  expect((await runExample(kn2rowAs, "strip", "nchw", { rows: 3 })).workspace).toHaveLength(21);
});
