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
  const [runtime, ...rows] = jsonLines((await capture("doctor", "--json")).out);
  expect(runtime.runtime.node).toBe(process.version);
  const providers = rows.flatMap(({ provider }) => provider ?? []);
  expect(providers).toEqual(["wasm", "native", "js", "reference"]);
  const libraries = rows.flatMap(({ library }) => library ?? []);
  const native = rows.find(({ provider }) => provider === "native");
  // With no library the provider's row says what to install, with one it names it.
  if (libraries.length === 0) expect(native.problem).toContain("provider.load-failed");
  else expect(native.identity).toContain(`native-${libraries[0].kind}-${libraries[0].version}`);
});

test("auto opens the first provider that can be opened, and the plan names it", async () => {
  const [, summary] = jsonLines((await capture("plan", "squeezenet1_1", "--provider", "auto", "--json")).out).slice(-2);
  expect(summary.summary.provider).toMatch(/^(native|wasm|js)-/);
});

test("a native plan says what its bytes leave out", async () => {
  const { code, out, err } = await capture("plan", "squeezenet1_1", "--provider", "native");
  if (code === 0) expect(out).toMatch(/not in these bytes: what \w+ allocates for itself while it multiplies/);
  else expect(err).toContain("provider.load-failed");
});
