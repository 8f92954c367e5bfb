import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { smallLayers, temporaryFile } from "./captured.ts";

const main = join(import.meta.dirname, "../src/main.ts");

/** The command as a process of its own, its streams being pipes. */
function leanconv(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  return spawnSync(process.execPath, ["--conditions=@leanconv/source", main, ...args], {
    encoding: "utf8",
    env: { ...inherited, NODE_NO_WARNINGS: "1", ...env },
    timeout: 60_000,
  });
}

const timeout = 60_000;

test("in a pipe there are no colours and no progress, and JSON is all there is", { timeout }, () => {
  const file = temporaryFile("layers.json", smallLayers);
  const { status, stdout, stderr } = leanconv(["run", file, "--json"], { CI: "1" });
  expect([status, stderr]).toEqual([0, ""]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => Object.keys(JSON.parse(line))[0])).toEqual(["network", "network", "network", "summary"]);
});

test("FORCE_COLOR colours a pipe, NO_COLOR wins over it", { timeout }, () => {
  const csi = "\u001b[";
  expect(leanconv(["networks"]).stdout).not.toContain(csi);
  expect(leanconv(["networks"], { FORCE_COLOR: "1" }).stdout).toContain(csi);
  expect(leanconv(["networks"], { FORCE_COLOR: "1", NO_COLOR: "1" }).stdout).not.toContain(csi);
});

test("bad usage leaves stdout empty and exits with 2", { timeout }, () => {
  const { status, stdout, stderr } = leanconv(["plan", "lenet"]);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^leanconv: .*squeezenet1_1.*\[argument\.name\]\n$/);
});
