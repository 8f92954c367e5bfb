import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

function runScript(name: string, ...flags: string[]): { status: number | null; stdout: string; stderr: string } {
  const script = join(import.meta.dirname, name);
  const all = ["--conditions=@leanconv/source", ...flags, script];
  return spawnSync(process.execPath, all, { encoding: "utf8", timeout: 60_000 });
}

test("idle threads do not keep the process alive", () => {
  const { status, stdout, stderr } = runScript("idle-run.ts");
  expect(stderr).toBe("");
  expect(stdout).toBe("ran\n");
  expect(status).toBe(0);
});

test("run allocates nothing on the calling thread", () => {
  const { status, stdout, stderr } = runScript("allocation-run.ts", "--expose-gc", "--min-semi-space-size=64");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(Number(stdout)).toBeLessThan(1);
});
