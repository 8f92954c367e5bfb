import { describe, expect, test } from "vitest";
import { chromiumBrowser, unless } from "./installed.ts";
import { hasLoopback } from "./loopback.ts";
import { runKit } from "./run-kit.ts";

const chromium = (await hasLoopback()) ? chromiumBrowser() : undefined;
const how = unless(chromium, "put chromium on the PATH or its path into CHROMIUM_PATH, on a machine with a loopback");

describe("Chromium", () => {
  test.skipIf(chromium === undefined).each([
    ["a cross-origin isolated page, threads included", { KIT_ISOLATED: "1" }, true, { wanted: 2, got: 2 }],
    [
      "any other page, which says why it has no threads",
      {},
      false,
      { got: 1, reason: expect.stringMatching("isolated") },
    ],
  ])(`passes the provider kit in %s${how}`, { timeout: 300_000 }, (_, env, isolated, threading) => {
    const found = runKit(process.execPath, { KIT_CHROMIUM: String(chromium), ...env });
    expect(found.failed, found.errors).toEqual([]);
    expect(found.passed, found.errors).toBeGreaterThan(150);
    expect(found.runtime).toMatchObject({
      identity: "wasm-relaxed-6x8",
      isolated,
      threading,
      revectorized: "unsupported.platform",
    });
  });

  const threads = ["runtimes/page-threads.ts", "threads/run-async.test.ts", "threads/sharing.test.ts"];
  test.skipIf(chromium === undefined).each([
    [
      "several threads in an isolated page: bits, runAsync, stopping, progress, disposal",
      { KIT_ISOLATED: "1" },
      threads,
      20,
    ],
    ["one thread in any other page, and why", {}, threads.slice(0, 1), 1],
  ])(`has %s${how}`, { timeout: 300_000 }, (_, env, files, least) => {
    const found = runKit(process.execPath, { KIT_CHROMIUM: String(chromium), KIT_FILES: files.join(), ...env });
    expect(found.failed, found.errors).toEqual([]);
    expect(found.passed, found.errors).toBeGreaterThanOrEqual(least);
  });
});
