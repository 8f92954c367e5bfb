import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  inspectModule,
  inspectStrips,
  inspectTransforms,
  type KernelFileName,
  kernelFiles,
  loadKernels,
  stripFile,
  type TransformFileName,
  transformFiles,
} from "../src/index.ts";

const folder = join(import.meta.dirname, "..", "wasm");
const names = Object.keys(kernelFiles) as KernelFileName[];
const bytesOf = (name: KernelFileName): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(join(folder, `${name}.wasm`)));

test("the build has made these files and no others", () => {
  const all = [...names, ...Object.keys(transformFiles), stripFile];
  expect(readdirSync(folder).sort()).toEqual(all.map((name) => `${name}.wasm`).sort());
});

describe.each(names)("%s.wasm", (name) => {
  test("says what it was generated for", async () => {
    const module = await loadKernels(name, "test");
    expect(inspectModule(module, "test")).toMatchObject({ name, ...kernelFiles[name] });
  });

  test("writes its constants into the bytes that it reserves, and leaves the rest of memory alone", () => {
    const module = new WebAssembly.Module(bytesOf(name));
    const { reservedBytes } = inspectModule(module, "test");
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: kernelFiles[name].shared });
    const bytes = new Uint8Array(memory.buffer).fill(0xaa);
    new WebAssembly.Instance(module, { env: { memory } });
    const written = bytes.findLastIndex((byte) => byte !== 0xaa) + 1;
    expect(reservedBytes).toBe(Math.max(16, Math.ceil(written / 16) * 16));
  });

  test("takes its own kind of memory and no other", () => {
    const module = new WebAssembly.Module(bytesOf(name));
    const { shared } = kernelFiles[name];
    const instantiate = (kind: boolean): WebAssembly.Instance =>
      new WebAssembly.Instance(module, {
        env: { memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: kind }) },
      });
    expect(instantiate(shared).exports.gemmPlanes).toBeTypeOf("function");
    expect(() => instantiate(!shared)).toThrow(WebAssembly.LinkError);
  });
});

const besides = [
  ...(Object.keys(transformFiles) as TransformFileName[]).map((name) => ({
    ...{ name, shared: transformFiles[name].shared, inspect: inspectTransforms, exported: "transform" },
  })),
  { name: stripFile, shared: true, inspect: inspectStrips, exported: "lower" },
];

describe.each(besides)("$name.wasm", ({ name, shared, inspect, exported }) => {
  test("says what it is, and computes beside any kernels for its kind of memory", async () => {
    const module = await loadKernels(name, "test");
    expect(inspect(module, "test")).toMatchObject({ name, shared });
    expect(() => inspectModule(module, "test")).toThrowError(expect.objectContaining({ code: "argument.module" }));
    for (const kernels of names.filter((one) => kernelFiles[one].shared === shared)) {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared });
      const { exports } = new WebAssembly.Instance(await loadKernels(kernels, "test"), { env: { memory } });
      const before = new Uint8Array(memory.buffer).slice();
      const instance = new WebAssembly.Instance(module, { env: { memory }, kernels: exports });
      expect(instance.exports[exported]).toBeTypeOf("function");
      // It has no constants, which would lie on those of the kernels.
      expect(new Uint8Array(memory.buffer)).toEqual(before);
    }
  });
});

test.each(["simd", "relaxed"] as const)("%s is the same code for both kinds of memory", (name) => {
  const [one, other] = [bytesOf(name), bytesOf(`${name}-shared`)];
  const label = (bytes: Uint8Array): number => bytes.length - JSON.stringify(kernelFiles[name]).length;
  const code = Math.min(label(one), label(other)) - 200;
  const different = one.subarray(0, code).findIndex((byte, i) => byte !== other[i]);
  expect([one[different], other[different]]).toEqual([1, 3]);
  expect(one.subarray(different + 1, code)).toEqual(other.subarray(different + 1, code));
});
