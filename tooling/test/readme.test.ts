import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { firstBlock, missingLines, promisedLines, runBlock, runnableBlocks } from "../readme.ts";
import { publicPackages, repositoryRoot } from "../workspace.ts";

/** With false, a README that does not exist yet is passed over. */
const REQUIRED = true;

const folders = [repositoryRoot, ...publicPackages().map(({ folder }) => folder)];
const readmes = folders
  .map((folder) => ({ folder, name: relative(repositoryRoot, join(folder, "README.md")) }))
  .filter(({ name }) => REQUIRED || existsSync(join(repositoryRoot, name)));

test.each(readmes)("the ts blocks of $name run and print what they say", { timeout: 120_000 }, ({ folder, name }) => {
  expect(existsSync(join(folder, "README.md")), `${name} is missing`).toBe(true);
  const markdown = readFileSync(join(folder, "README.md"), "utf8");
  // A command is shown in a shell, not in TypeScript.
  if (firstBlock(markdown) === undefined) expect(name, `${name} has no fenced ts block`).toMatch(/^apps\b/);
  for (const block of runnableBlocks(markdown)) {
    const { status, printed, errors } = runBlock(folder, block);
    expect(status, errors).toBe(0);
    expect(missingLines(promisedLines(block), printed), `printed:\n${printed.join("\n")}`).toEqual([]);
  }
});

test("the first ts block is found, and only that", () => {
  const markdown = "# A\n```sh\nx\n```\n```ts run\na();\n```\n```ts\nb();\n```\n";
  expect(firstBlock(markdown)).toBe("a();\n");
  expect(firstBlock("```tsx\na\n```\n")).toBeUndefined();
  expect(firstBlock("none")).toBeUndefined();
});

test("promises are compared in order", () => {
  const promised = promisedLines("console.log(1); // => 1\nconsole.log(0);\nconsole.log(2);   // => 2\n");
  expect(promised).toEqual(["1", "2"]);
  expect(missingLines(promised, ["1", "0", "2", ""])).toEqual([]);
  expect(missingLines(promised, ["2", "1"])).toEqual(["2"]);
});

test("a block runs from source, and its failure and output are seen", { timeout: 60_000 }, () => {
  const folder = join(repositoryRoot, "packages", "leanconv");
  const good =
    'import * as core from "@leanconv/core";\nconst kind: string = typeof core;\nconsole.log(kind); // => object\n';
  const { status, printed } = runBlock(folder, good);
  expect(status).toBe(0);
  expect(missingLines(promisedLines(good), printed)).toEqual([]);
  expect(runBlock(folder, 'throw new Error("no");').status).not.toBe(0);
});
