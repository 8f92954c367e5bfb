import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { firstBlock, missingLines, promisedLines, runBlock } from "../../../tooling/readme.ts";

// The READMEs of public packages are tested by tooling; this package is private.
test("the first block of the README runs and prints what it says", { timeout: 60_000 }, () => {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const block = firstBlock(readFileSync(`${folder}/README.md`, "utf8"))!;
  const { status, printed, errors } = runBlock(folder, block);
  expect(status, errors).toBe(0);
  expect(missingLines(promisedLines(block), printed), printed.join("\n")).toEqual([]);
});
