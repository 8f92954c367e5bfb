import { describe, expect, test } from "vitest";
import { nodeRuntime, unless } from "./installed.ts";
import { runKit } from "./run-kit.ts";

const how = "tooling/fetch-runtimes.mjs fetches it";
const releases = [
  { name: "node22", release: "Node 22.23.3", identity: "wasm-relaxed-3x12" },
  { name: "node26", release: "Node 26.10.0", identity: "wasm-relaxed-6x8" },
] as const;

describe.each(releases)("$release", ({ name, identity }) => {
  const node = nodeRuntime(name);

  test.skipIf(node === undefined)(`passes the provider kit${unless(node, how)}`, { timeout: 300_000 }, () => {
    const { passed, failed, runtime, errors } = runKit(String(node));
    expect(failed, errors).toEqual([]);
    expect(passed, errors).toBeGreaterThan(150);
    expect(runtime).toMatchObject({ identity, threading: { wanted: 2, got: 2 } });
  });
});
