import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

// A process of its own: other tests would allocate in between, and code from strings stays forbidden for all of it.
test("run allocates nothing and needs no code from strings", () => {
  const flags = ["--disallow-code-generation-from-strings", "--conditions=@leanconv/source"];
  const script = join(import.meta.dirname, "allocation-run.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, script], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const perRun = JSON.parse(stdout) as Record<string, number>;
  expect(Object.keys(perRun).length).toBeGreaterThan(10);
  for (const [name, bytes] of Object.entries(perRun)) expect(bytes, name).toBeLessThan(1);
}, 60_000);
