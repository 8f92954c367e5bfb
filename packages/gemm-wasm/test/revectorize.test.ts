import { spawnSync } from "node:child_process";
import { detectEngine, type Engine, flagsHaveAvx2, processorHasAvx2 } from "@leanconv/wasm-runtime";
import { expect, test } from "vitest";
import { wasmGemm } from "../src/index.ts";
import { openRevectorized } from "../src/revectorize.ts";
import { firstDifference } from "../src/self-check.ts";

const { node, v8 = 0, architecture } = detectEngine();
const possible = node && v8 >= 13 && architecture === "x64" && processorHasAvx2() !== false;

test.runIf(possible)("the wide kernels open after their self-check", async () => {
  const provider = await wasmGemm({ variant: "revectorized" });
  expect(provider.identity).toBe("wasm-revectorized-6x16");
  expect(provider.capabilities).toMatchObject({ mr: 6, nr: 16 });
});

const refusal = (why: string): object =>
  expect.objectContaining({ code: "unsupported.platform", message: expect.stringContaining(why) });

const node24: Engine = { node: true, v8: 13, architecture: "x64" };
const refusals: Readonly<Record<string, readonly [engine: Engine, avx2: boolean | undefined, why: string]>> = {
  "Node 22": [{ ...node24, v8: 12 }, true, "Node 24 and newer only (V8 13); got Node with V8 12"],
  "Node on Arm": [{ ...node24, architecture: "arm64" }, undefined, "x64 only; got arm64"],
  "a processor without AVX2": [node24, false, "no AVX2"],
  Chromium: [{ node: false, v8: 15, architecture: undefined }, undefined, "got another runtime"],
  "another engine": [{ node: false, v8: undefined, architecture: undefined }, undefined, "got another runtime"],
};

test.each(Object.entries(refusals))("%s refuses them and says why", async (_, [engine, avx2, why]) => {
  await expect(openRevectorized(engine, "test", avx2)).rejects.toThrowError(refusal(why));
});

test("so does this Node, where it is too old", async () => {
  const opening = wasmGemm({ variant: "revectorized" });
  if (possible) expect((await opening).identity).toContain("revectorized");
  else await expect(opening).rejects.toThrowError(refusal("got"));
});

test.runIf(possible)("without fused products in hardware they are refused, whatever the system says", () => {
  const script = `import { wasmGemm } from ${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)};
    console.log(await wasmGemm({ variant: "revectorized" }).catch(({ code, message }) => code + " " + message));
    console.log((await wasmGemm()).identity);`;
  // V8 does as if the processor had none; it prints nothing then but what the script prints.
  const flags = ["--no-enable-fma3", "--conditions=@leanconv/source", "--input-type=module", "--eval", script];
  const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8", cwd: import.meta.dirname });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^unsupported\.platform .*no fused multiply-add.*\nwasm-simd-4x8\n$/);
});

test("what Linux says about AVX2", () => {
  expect(flagsHaveAvx2("processor\t: 0\nflags\t\t: fpu sse4_2 avx avx2 fma\n")).toBe(true);
  expect(flagsHaveAvx2("processor\t: 0\nflags\t\t: fpu avx fma avx512f\n")).toBe(false);
  expect(flagsHaveAvx2("processor\t: 0\nFeatures\t: asimd\n")).toBeUndefined();
});

test("one bit of one product is a difference", () => {
  const wanted = { planes: Int32Array.of(1, 2), pixels: Int32Array.of(3, 4) };
  expect(firstDifference(wanted, { planes: Int32Array.of(1, 2), pixels: Int32Array.of(3, 4) })).toBeUndefined();
  expect(firstDifference(wanted, { planes: Int32Array.of(1, 2), pixels: Int32Array.of(3, 5) })).toBe("pixels");
});
