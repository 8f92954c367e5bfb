import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { AllocationRequest } from "./measure.ts";

export interface NoAllocationOptions {
  /** Package and exported name, such as `["@leanconv/conv-im2col", "im2col"]`; the process imports them. */
  readonly algorithm: readonly [module: string, name: string];
  /** Default: the reference, whose cost per run is all the interpreter's and the program's. */
  readonly provider?: readonly [module: string, name: string];
  readonly problems?: readonly string[];
}

/** Small, so that many runs fit: what is looked for does not depend on the size. */
const smallProblems = ["ic2ih7iw6oc3kh3kw3pt1pb1pl1pr1+bias+relu", "n2ic4ih9iw7oc4kh3kw2sh2sw2pt1g2+prelu"];

/**
 * Registers a test that `run()` allocates nothing: every form of an algorithm costs less than a byte of JavaScript heap
 * per run, over many runs after warming up. Measured in a process of its own, where nothing else allocates.
 */
export function testNoAllocation(options: NoAllocationOptions): void {
  const { algorithm, provider = ["@leanconv/gemm", "referenceGemm"], problems = smallProblems } = options;
  test(`${algorithm[1]} on ${provider[1]}: run() allocates nothing`, { timeout: 300_000 }, () => {
    const request: AllocationRequest = { algorithm, provider, problems };
    const script = new URL(import.meta.url.endsWith(".ts") ? "./measure.ts" : "./measure.js", import.meta.url);
    const flags = ["--expose-gc", "--min-semi-space-size=64", "--conditions=@leanconv/source"];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...flags, fileURLToPath(script), JSON.stringify(request)],
      { encoding: "utf8" },
    );
    expect(status, stderr).toBe(0);
    const measured = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { case: string; bytes: number });
    expect(measured.length).toBeGreaterThan(0);
    expect(measured.filter(({ bytes }) => bytes >= 1)).toEqual([]);
  });
}
