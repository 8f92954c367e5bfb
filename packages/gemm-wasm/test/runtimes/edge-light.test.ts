import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wasmGemm } from "leanconv";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "./bundle.ts";
import { runSqueezenet } from "./squeezenet.ts";

const folder = mkdtempSync(join(tmpdir(), "leanconv-edge-light-"));
let script: string;
beforeAll(async () => {
  script = join(folder, await bundle("edge-light-entry.ts", ["edge-light", "worker"], folder));
});
afterAll(() => rmSync(folder, { recursive: true }));

function runHost(): { status: number | null; stdout: string; stderr: string } {
  const host = join(import.meta.dirname, "edge-light-host.mjs");
  const kernels = join(import.meta.dirname, "../../../wasm-kernels/wasm");
  const env = { ...process.env, NODE_OPTIONS: "--no-warnings" };
  return spawnSync(process.execPath, [host, script, kernels], { encoding: "utf8", env });
}

test("a bundle for edge-light imports its kernels statically, in the host's spelling", () => {
  const code = readFileSync(script, "utf8");
  const imports = [...code.matchAll(/^import (.*) from "(.*)";$/gm)].map(([, , from]) => from);
  expect(imports.sort()).toEqual(["./relaxed.wasm?module", "./simd.wasm?module", "./transforms.wasm?module"]);
  expect(code).not.toMatch(/\bimport\s*\(/);
});

test("such a bundle runs squeezenet1_1 with Node's bits where no bytes are compiled, on one thread", async () => {
  const { status, stdout, stderr } = runHost();
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const reason = expect.stringContaining("no SharedArrayBuffer");
  const wanted = { identity: "wasm-relaxed-6x8", wanted: 2, got: 1, reason };
  const node = await wasmGemm({ tile: { mr: 6, nr: 8 } });
  expect(JSON.parse(stdout.split("RESULT ")[1])).toEqual({ ...wanted, ...(await runSqueezenet(node)) });
});

test("the host that stands in does refuse bytes", () => {
  const spoilt = readFileSync(script, "utf8").replace(/^/, "await WebAssembly.compile(new Uint8Array(8));\n");
  writeFileSync(script, spoilt);
  const { status, stderr } = runHost();
  expect(status).not.toBe(0);
  expect(stderr).toContain("this host compiles no bytes");
});
