import { networkNames } from "leanconv";
import { expect, test } from "vitest";
import { capture, jsonLines } from "./captured.ts";

test("networks lists what ships, with layers, multiply-adds and weights", async () => {
  const { code, out } = await capture("networks");
  expect(code).toBe(0);
  expect(out).toMatch(/^network +layers +MMAC +weights\n/);
  expect(out).toMatch(/^vgg16 +13 +15346\.6 +14\.710 M$/m);
  expect(out).toMatch(/^squeezenet1_1 +26 +387\.7 +1\.232 M$/m);
  const rows = jsonLines((await capture("networks", "--json")).out);
  expect(rows.map(({ network }) => network)).toEqual(networkNames);
});

test("doctor names the runtime and the providers", async () => {
  const { out } = await capture("doctor");
  expect(out).toContain(process.version);
  expect(out).toMatch(/^wasm +SIMD(, relaxed SIMD)?$/m);
  expect(out).toMatch(/^wasm +wasm-(relaxed|simd)-\S+ +\d+x\d+ +1 +wasm$/m);
  expect(out).toMatch(/^js +js-\S+ +\d+x\d+ +1 +array-buffer$/m);
  const threads = (await capture("doctor", "--threads", "2")).out;
  expect(threads).toMatch(/^wasm +wasm-\S+ +\d+x\d+ +(2|2: more threads .*) +wasm$/m);
  const [runtime, ...providers] = jsonLines((await capture("doctor", "--json")).out);
  expect(runtime.runtime.node).toBe(process.version);
  expect(providers.map(({ provider }) => provider)).toEqual(["wasm", "js", "reference"]);
});
