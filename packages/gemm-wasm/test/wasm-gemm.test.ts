import { convError } from "@leanconv/core";
import type { TransformDescriptor } from "@leanconv/gemm";
import { type KernelFileName, loadKernels } from "@leanconv/wasm-kernels";
import { detectEngine } from "@leanconv/wasm-runtime";
import { describe, expect, test, vi } from "vitest";
import { wasmFeatures, wasmGemm } from "../src/index.ts";
import { kernelProvider } from "../src/kernel-provider.ts";
import { openKernels } from "../src/open-kernels.ts";

const withCode = (code: string): object => expect.objectContaining({ code });
const module = (name: KernelFileName): Promise<WebAssembly.Module> => loadKernels(name, "test");

test("the choice stands in the identity and in the capabilities", async () => {
  const provider = await wasmGemm({ variant: "simd" });
  expect(provider.name).toBe("wasm");
  expect(provider.identity).toBe("wasm-simd-4x8");
  expect(provider.capabilities).toMatchObject({ memory: "wasm", mr: 4, nr: 8, panelWidth: 8, pageBytes: 65536 });
  expect((await wasmGemm({ variant: "simd", name: "mine" })).identity).toBe("mine-simd-4x8");
});

test("auto takes what the engine has, without a clock", async () => {
  const clocks = [vi.spyOn(performance, "now"), vi.spyOn(Date, "now")];
  const { identity } = await wasmGemm();
  expect((await wasmGemm()).identity).toBe(identity);
  for (const clock of clocks) expect(clock).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  if (wasmFeatures().relaxedSimd)
    expect(identity).toBe(detectEngine().v8 === 12 ? "wasm-relaxed-3x12" : "wasm-relaxed-6x8");
});

describe("a module of the caller's own", () => {
  test.each(["simd", "simd-shared", "relaxed", "relaxed-shared", "relaxed-3x12-shared"] as const)(
    "%s is recognised",
    async (name) => {
      const provider = await wasmGemm({ module: await module(name) });
      const heap = await provider.createHeap(1);
      expect(heap.buffer instanceof ArrayBuffer).toBe(!name.endsWith("-shared"));
      expect(provider.identity).toMatch(`wasm-${name.split("-")[0]}-`);
    },
  );

  test("is refused if it is none of ours, or not what the other options ask for", async () => {
    const empty = new WebAssembly.Module(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]));
    await expect(wasmGemm({ module: empty })).rejects.toThrowError(withCode("argument.module"));
    const simd = await module("simd");
    await expect(wasmGemm({ module: simd, variant: "relaxed" })).rejects.toThrowError(withCode("argument.module"));
    await expect(wasmGemm({ module: simd, tile: { mr: 6, nr: 8 } })).rejects.toThrowError(withCode("argument.module"));
    const wide = await module("revectorized-shared");
    await expect(wasmGemm({ module: wide })).rejects.toThrowError(withCode("argument.module"));
  });
});

describe("tile transforms", () => {
  const transform: TransformDescriptor = {
    ...{ kind: "transform", dtype: "float32", tile: 2, to: "points", channels: 1, grid: [1, 1] },
    image: { height: 4, width: 4, channel: 16, line: 4, col: 1, top: 0, left: 0 },
    points: { kind: "panels", point: 8, depth: 1 },
  };

  test("of the caller's own are taken for the same kind of memory, and no others", async () => {
    const kernels = await module("simd");
    const transforms = await loadKernels("transforms", "test");
    const provider = await wasmGemm({ module: kernels, transforms });
    expect(provider.refuses(transform)).toBeUndefined();
    const shared = await loadKernels("transforms-shared", "test");
    const refusal = withCode("argument.module");
    await expect(wasmGemm({ module: kernels, transforms: shared })).rejects.toThrowError(refusal);
    await expect(wasmGemm({ module: kernels, transforms: kernels })).rejects.toThrowError(refusal);
  });

  test("are refused with the reason where they could not be had; all else works", async () => {
    const opened = await openKernels(
      { module: await module("simd"), transforms: undefined, variant: "auto", tile: undefined, shared: false },
      "test",
      () => Promise.reject(convError("provider.load-failed", { where: "test", what: "no way to load" })),
    );
    const provider = kernelProvider(opened, "wasm");
    expect(provider.refuses(transform)).toMatchObject({
      code: "unsupported.operand",
      reason: expect.stringContaining("no way to load"),
    });
    const heap = await provider.createHeap(1 << 16);
    const fill = { kind: "fill", dtype: "float32", extents: [1], target: [1], value: 0 } as const;
    expect(provider.refuses(fill)).toBeUndefined();
    expect(() => provider.compile(fill, heap)).not.toThrow();
  });
});

test("unknown variants and tiles are refused", async () => {
  await expect(wasmGemm({ variant: "avx" as "simd" })).rejects.toThrowError(withCode("argument.name"));
  await expect(wasmGemm({ tile: { mr: 1, nr: 4 } })).rejects.toThrowError(withCode("argument.range"));
});

test("a kernel is compiled for heaps of this provider that are alive", async () => {
  const fill = { kind: "fill", dtype: "float32", extents: [1], target: [1], value: 0 } as const;
  const [mine, other] = [await wasmGemm(), await wasmGemm()];
  const heap = await other.createHeap(64);
  expect(() => mine.compile(fill, heap)).toThrowError(withCode("state.wrong-memory"));
  heap.dispose();
  expect(() => other.compile(fill, heap)).toThrowError(withCode("state.disposed"));
});

test("weights are packed into heaps of this provider, not into another's of the same name", async () => {
  const pack = { kind: "pack", dtype: "float32", batch: [], rows: [[2, 3]], k: [[3, 1]] } as const;
  const [mine, other] = [await wasmGemm(), await wasmGemm()];
  const region = (await other.createHeap(8192)).allocate(mine.packedForm(pack).bytes);
  expect(() => mine.pack(pack, new Float32Array(6), 0, region)).toThrowError(withCode("state.wrong-memory"));
  expect(() => other.pack(pack, new Float32Array(6), 0, region)).not.toThrow();
});

test.each([null, new Uint8Array(8), {}, "simd"])("a module that is %s is refused", async (module) => {
  await expect(wasmGemm({ module: module as WebAssembly.Module })).rejects.toThrowError(withCode("argument.module"));
});

test("a memory beyond the engine's limit is refused with the numbers", async () => {
  const provider = await wasmGemm();
  await expect(provider.createHeap(2 ** 33)).rejects.toThrowError(
    expect.objectContaining({ code: "resource.out-of-memory", details: { requestedBytes: 2 ** 33 } }),
  );
});
