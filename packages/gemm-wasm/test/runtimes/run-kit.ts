import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface KitRun {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly runtime: Partial<KitRuntime>;
  readonly errors: string;
}

/** Where the kit has run. */
export interface KitRuntime {
  readonly identity: string;
  readonly isolated: boolean;
  /** What became of the wide kernels: an identity or a code. */
  readonly revectorized: string;
  /** What became of two threads. */
  readonly threading: { readonly wanted: number; readonly got: number; readonly reason?: string };
}

interface JsonReport {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
      readonly meta?: { readonly runtime?: KitRuntime };
    }[];
  }[];
}

const vitest = join(import.meta.dirname, "../../../../node_modules/vitest/vitest.mjs");

/** Runs the provider kit, or other files, in a process of its own: in a Node, and with a browser's path in that browser. */
export function runKit(node: string, env: Readonly<Record<string, string>> = {}): KitRun {
  const folder = mkdtempSync(join(tmpdir(), "leanconv-kit-"));
  const file = join(folder, "report.json");
  const args = [vitest, "run", "--config", join(import.meta.dirname, "kit.config.ts"), `--outputFile=${file}`];
  const { stderr } = spawnSync(node, args, {
    cwd: import.meta.dirname,
    // Not as a part of the run that asks.
    env: { ...process.env, VITEST: "", VITEST_WORKER_ID: "", VITEST_POOL_ID: "", NODE_OPTIONS: "", ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 300_000,
  });
  const report = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as Partial<JsonReport>;
  rmSync(folder, { recursive: true });
  const results = (report.testResults ?? []).flatMap(({ assertionResults }) => assertionResults);
  // What is not for this runtime is skipped by the file itself.
  const failed = results.filter(({ status }) => status !== "passed" && status !== "skipped" && status !== "pending");
  return {
    passed: report.numPassedTests ?? 0,
    failed: failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join("\n")}`),
    runtime: results.find(({ meta }) => meta?.runtime)?.meta?.runtime ?? {},
    errors: stderr,
  };
}
