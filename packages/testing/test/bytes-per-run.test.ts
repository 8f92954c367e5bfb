import { spawnSync } from "node:child_process";
import { testNoAllocation } from "@leanconv/testing";
import { expect, test } from "vitest";

/** Runs a line of code under `bytesPerRun`, in a process with the collector exposed. */
function measure(run: string): number {
  const script = `
    import { bytesPerRun } from ${JSON.stringify(new URL("../src/allocation/bytes-per-run.ts", import.meta.url).href)};
    const data = new Float32Array(64);
    let kept;
    console.log(bytesPerRun(() => { ${run} }));`;
  const flags = ["--expose-gc", "--min-semi-space-size=64", "--input-type=module"];
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "-e", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  return Number(stdout);
}

test("a clean run costs nothing, a small object or a view of an array does not pass", { timeout: 60_000 }, () => {
  expect(measure("for (let i = 0; i < 64; i++) data[i] += i;")).toBeLessThan(1);
  expect(measure("kept = { a: data[0], b: data[1] };")).toBeGreaterThan(8);
  expect(measure("kept = data.subarray(1);")).toBeGreaterThan(8);
});

const gatherModule = new URL("./gather-algorithm.ts", import.meta.url).href;
testNoAllocation({ algorithm: [gatherModule, "gatherAlgorithm"] });
