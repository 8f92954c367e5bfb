import { expect, test } from "vitest";
import { detectEngine, type Engine } from "../src/engine/engine.ts";
import { wasmGemm } from "../src/index.ts";
import { openRevectorized } from "../src/revectorize.ts";
import { firstDifference } from "../src/self-check.ts";

const { node, v8 = 0, architecture } = detectEngine();
const possible = node && v8 >= 13 && architecture === "x64";

test.runIf(possible)("the wide kernels open after their self-check", async () => {
  const provider = await wasmGemm({ variant: "revectorized" });
  expect(provider.identity).toBe("wasm-revectorized-6x16");
  expect(provider.capabilities).toMatchObject({ mr: 6, nr: 16 });
});

const engines: Readonly<Record<string, Engine>> = {
  "Node 22": { node: true, v8: 12, architecture: "x64" },
  "Node on Arm": { node: true, v8: 13, architecture: "arm64" },
  Chromium: { node: false, v8: 15, architecture: undefined },
  "another engine": { node: false, v8: undefined, architecture: undefined },
};

test.each(Object.entries(engines))("%s refuses them", async (_, engine) => {
  const refusal = expect.objectContaining({ code: "unsupported.platform" });
  await expect(openRevectorized(engine, "test")).rejects.toThrowError(refusal);
});

test("one bit of one product is a difference", () => {
  const wanted = { planes: Int32Array.of(1, 2), pixels: Int32Array.of(3, 4) };
  expect(firstDifference(wanted, { planes: Int32Array.of(1, 2), pixels: Int32Array.of(3, 4) })).toBeUndefined();
  expect(firstDifference(wanted, { planes: Int32Array.of(1, 2), pixels: Int32Array.of(3, 5) })).toBe("pixels");
});
