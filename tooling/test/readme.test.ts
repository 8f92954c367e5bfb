import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { firstBlock, headings, missingLines, promisedLines, runBlock, runnableBlocks } from "../readme.ts";
import { repositoryRoot, workspacePackages } from "../workspace.ts";

const folders = [repositoryRoot, ...workspacePackages().map(({ folder }) => folder)];
const readmes = folders.map((folder) => ({ folder, name: relative(repositoryRoot, join(folder, "README.md")) }));

/** In this order in every README of a library; those after the example only where they have something to say. */
const sections = [
  "Install",
  "Example",
  "Picture",
  "Cost",
  "What it refuses",
  "API",
  "How it works",
  "References",
] as const;

/** What an example of the native provider says where there is nothing that it could call. */
const noLibrary = /this system has no library that multiplies matrices/;

test.for(readmes)(
  "the ts blocks of $name run and print what they say",
  { timeout: 120_000 },
  ({ folder, name }, { skip }) => {
    expect(existsSync(join(folder, "README.md")), `${name} is missing`).toBe(true);
    const markdown = readFileSync(join(folder, "README.md"), "utf8");
    // A command is shown in a shell, not in TypeScript.
    if (firstBlock(markdown) === undefined) expect(name, `${name} has no fenced ts block`).toMatch(/^(apps|bench)\b/);
    for (const block of runnableBlocks(markdown)) {
      const { status, printed, errors } = runBlock(folder, block);
      skip(noLibrary.test(errors), "no native library is installed");
      expect(status, errors).toBe(0);
      expect(missingLines(promisedLines(block), printed), `printed:\n${printed.join("\n")}`).toEqual([]);
    }
  },
);

const libraries = readmes.filter(({ name }) => /^(packages|bench)\b/.test(name));

test.each(libraries)("$name has the sections of all, in their order", ({ folder }) => {
  const found = headings(readFileSync(join(folder, "README.md"), "utf8"));
  expect(found).toEqual(sections.filter((name) => found.includes(name)));
  expect(found.slice(0, 2)).toEqual(["Install", "Example"]);
});

test("headings are those of the second level, outside of blocks", () => {
  expect(headings("# A\n## B\n```sh\n## no\n```\n### C\n## D\n")).toEqual(["B", "D"]);
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
