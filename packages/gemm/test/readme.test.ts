import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the provider in the README is the one that passes the kit", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1]);
  const source = readFileSync(new URL("./tiny-gemm.ts", import.meta.url), "utf8");
  expect(blocks[1]).toBe(source);
  expect(source.trim().split("\n").length).toBeLessThanOrEqual(20);
});
