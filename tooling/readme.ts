// Runs the TypeScript blocks of a README, so that what a reader copies works.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The first fenced `ts` block, or undefined. */
export function firstBlock(markdown: string): string | undefined {
  return /^```ts\b[^\n]*\n(.*?)^```/ms.exec(markdown)?.[1];
}

/** The headings of the second level, in order. */
export function headings(markdown: string): string[] {
  const text = markdown.replace(/^```.*?^```/gms, "");
  return [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]!.trim());
}

/** The blocks that stand on their own: the first, and every other one that imports what it uses. */
export function runnableBlocks(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```ts\b[^\n]*\n(.*?)^```/gms)].map((match) => match[1]!);
  return blocks.filter((block, index) => index === 0 || /^import /m.test(block));
}

/** What the block promises to print: everything behind `// =>` at the end of a line, in order. */
export function promisedLines(block: string): string[] {
  return [...block.matchAll(/\/\/ => (.*)$/gm)].map((match) => match[1]!.trim());
}

/** Promised lines that were not printed, in order; lines printed in between are allowed. */
export function missingLines(promised: readonly string[], printed: readonly string[]): string[] {
  let from = 0;
  return promised.filter((line) => {
    const at = printed.indexOf(line, from);
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}

/** Runs a block from inside `folder`, so that bare imports resolve as they do for the package itself. */
export function runBlock(folder: string, block: string) {
  const place = join(folder, ".readme");
  mkdirSync(place, { recursive: true });
  const file = join(place, "example.ts");
  // The export makes it a module even if the block imports nothing.
  writeFileSync(file, `${block}\nexport {};\n`);
  const result = spawnSync(process.execPath, ["--conditions=@leanconv/source", file], {
    cwd: place,
    encoding: "utf8",
    timeout: 60_000,
  });
  const printed = result.stdout.split("\n").map((line) => line.trim());
  return { status: result.status, printed, errors: result.stderr };
}
