import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { processorHasAvx2 } from "@leanconv/wasm-runtime";
import { describe, expect, test } from "vitest";
import { nodeRuntime, unless } from "./installed.ts";
import { runKit } from "./run-kit.ts";

const root = join(import.meta.dirname, "../../../..");
const wide = process.arch === "x64" && processorHasAvx2() !== false ? "wasm-revectorized-6x16" : "unsupported.platform";
const how = "tooling/fetch-runtimes.mjs fetches it";
const releases = [
  { name: "node22", release: "Node 22.23.3", identity: "wasm-relaxed-3x12", revectorized: "unsupported.platform" },
  { name: "node26", release: "Node 26.10.0", identity: "wasm-relaxed-6x8", revectorized: wide },
] as const;

describe.each(releases)("$release", ({ name, identity, revectorized }) => {
  const node = nodeRuntime(name);

  test.skipIf(node === undefined)(`passes the provider kit${unless(node, how)}`, { timeout: 300_000 }, () => {
    const { passed, failed, runtime, errors } = runKit(String(node));
    expect(failed, errors).toEqual([]);
    expect(passed, errors).toBeGreaterThan(150);
    expect(runtime).toMatchObject({ identity, threading: { wanted: 2, got: 2 }, revectorized });
  });

  test.skipIf(node === undefined)(
    `runs the sources as they are, threads and benchmarks included${unless(node, how)}`,
    () => {
      const scripts = [
        [join(import.meta.dirname, "../threads/idle-run.ts")],
        [join(root, "bench/src/main.ts"), "--help"],
      ];
      for (const script of [...scripts, ["--eval", 'import "@leanconv/testing"']]) {
        const flags = ["--conditions=@leanconv/source", "--input-type=module"].slice(0, script[0] === "--eval" ? 2 : 1);
        const { status, stderr } = spawnSync(String(node), [...flags, ...script], {
          cwd: import.meta.dirname,
          encoding: "utf8",
        });
        expect(stderr.replace(/.*ExperimentalWarning.*\n.*\n/, "")).toBe("");
        expect(status).toBe(0);
      }
    },
  );
});
