import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

function bench(...args: string[]) {
  const flags = ["--conditions=@leanconv/source", join(import.meta.dirname, "..", "src", "main.ts")];
  return spawnSync(process.execPath, [...flags, ...args], { encoding: "utf8" });
}

describe("networks", () => {
  test("refuses what it does not know, by name", () => {
    const { status, stderr } = bench("networks", "--networks", "lenet");
    expect(status).not.toBe(0);
    expect(stderr).toContain("vgg16");
  });

  test.each([
    ["--against", "caffe"],
    ["--layout", "chwn"],
    ["--budget", "much"],
    ["--variant", "fast"],
  ])("refuses %s %s", (option, value) => {
    expect(bench("networks", "--networks", "mec", option, value).status).not.toBe(0);
  });
});

test("algorithms prints one object a variant", () => {
  const args = ["--networks", "squeezenet1_1", "--only", "fire9/squeeze1x1", "--layout", "nchw", "--rounds", "1"];
  const { stdout } = bench("algorithms", "--provider", "js", "--budget", "64KiB", "--json", ...args);
  const rows = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(Object.keys(rows[0])).toEqual("network layer algorithm form layout ms workspaceBytes".split(" "));
  expect(new Set(rows.map(({ algorithm }) => algorithm)).size).toBeGreaterThan(3);
});
