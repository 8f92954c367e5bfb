import type { Heap, Region } from "@leanconv/core";
import { type Levels, levelCount, levelOffsets, type PackDescriptor } from "@leanconv/gemm";
import { loadKernels } from "@leanconv/wasm-kernels";
import { formOf, instantiateKernels, packFilter } from "@leanconv/wasm-runtime";
import { expect, test, vi } from "vitest";
import { wasmGemm } from "../src/index.ts";

const tile = { mr: 4, nr: 8 };
const sizes = { g: 2, o: 21, i: 37, h: 3, w: 3 };
type Axis = keyof typeof sizes;
const axes: readonly Axis[] = ["g", "o", "i", "h", "w"];

/** Strides of a filter whose axes lie in this order; `gap` elements follow every one of the innermost axis. */
function stridesOf(order: string, gap = 1): Record<Axis, number> {
  const strides = { g: 0, o: 0, i: 0, h: 0, w: 0 };
  let stride = gap;
  for (const axis of [...order].reverse() as Axis[]) {
    strides[axis] = stride;
    stride *= sizes[axis];
  }
  return strides;
}

function packOf(strides: Record<Axis, number>, rows: string, k: string, layout: "nchw" | "nhwc"): PackDescriptor {
  const levels = (names: string): Levels => ([...names] as Axis[]).map((axis) => [sizes[axis], strides[axis]]);
  const batch = axes.filter((axis) => !`${rows}${k}`.includes(axis)).join("");
  return { kind: "pack", dtype: "float32", batch: levels(batch), rows: levels(rows), k: levels(k), layout };
}

/** What the documentation of the form says, element by element. */
function expected(pack: PackDescriptor, source: Float32Array, offset: number): Float32Array {
  const { panel, bytes, batchStride, kStride } = formOf(pack, tile);
  const packed = new Float32Array(bytes / 4);
  const [batches, rows, depths] = [pack.batch, pack.rows, pack.k].map(levelOffsets);
  for (const [b, batch] of batches.entries()) {
    for (const [r, row] of rows.entries()) {
      for (const [k, depth] of depths.entries()) {
        const lane = panel === 0 ? 0 : Math.floor(r / panel) * panel * levelCount(pack.k) + (r % panel);
        packed[b * batchStride + lane + k * kStride] = source[offset + batch + row + depth];
      }
    }
  }
  return packed;
}

const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => i + 1);
const count = Object.values(sizes).reduce((product, size) => product * size, 1);

async function packed(
  pack: PackDescriptor,
  place: (heap: Heap) => Float32Array,
  offset = 0,
): Promise<[got: Float32Array, target: Region]> {
  using provider = await wasmGemm({ variant: "simd" });
  const heap = await provider.createHeap(2 ** 20);
  const source = place(heap);
  const target = heap.allocate(provider.packedForm(pack).bytes);
  target.float32.fill(Number.NaN);
  provider.pack(pack, source, offset, target);
  return [target.float32.slice(), target];
}

const orders = ["goihw", "hwigo", "gohwi", "ihwgo", "wgiho"];
const matrices = [
  ["o", "hwi"],
  ["o", "ihw"],
  ["hwo", "i"],
  ["ohw", "i"],
  ["o", "w"],
] as const;

test.each(orders.flatMap((order) => matrices.map(([rows, k]) => [order, rows, k] as const)))(
  "a filter in %s, rows of %s, depth %s: every element in its place, in both layouts and from any memory",
  async (order, rows, k) => {
    for (const layout of ["nchw", "nhwc"] as const) {
      const pack = packOf(stridesOf(order), rows, k, layout);
      const source = numbers(count);
      const [outside] = await packed(pack, () => source);
      expect(outside).toEqual(expected(pack, source, 0));
      const [inside] = await packed(pack, (heap) => {
        const { float32 } = heap.allocate(4 * count);
        float32.set(source);
        return float32;
      });
      expect(inside).toEqual(outside);
    }
  },
);

test("one row is plain, channels innermost or not; gaps, negative and repeated strides are followed", async () => {
  const source = numbers(3 * count);
  const strides = stridesOf("goihw", 3);
  const odd = { kind: "pack", dtype: "float32", layout: "nhwc" } as const;
  const packs: readonly (readonly [PackDescriptor, number])[] = [
    [{ ...odd, batch: [[2000, 9]], rows: [[1, 1]], k: [[9, 1]] }, 0],
    [{ ...odd, layout: "nchw", batch: [[2000, 9]], rows: [[1, 1]], k: [[9, 1]] }, 0],
    [packOf(strides, "o", "hwi", "nhwc"), 2],
    [{ ...odd, batch: [], rows: [[5, -300]], k: [[299, -1]] }, 1700],
    [{ ...odd, batch: [[2, 0]], rows: [[5, 0]], k: [[7, 2000]] }, 3],
    [{ ...odd, batch: [], rows: [[1, 1]], k: [[1, 1]] }, 5],
  ];
  for (const [pack, offset] of packs) {
    const [got] = await packed(pack, () => source, offset);
    expect(got).toEqual(expected(pack, source, offset));
  }
});

test.each(["goihw", "hwigo", "gohwi", "ihwgo"])("JavaScript handles pieces of %s, not elements", async (order) => {
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 8 });
  const { kernels } = await instantiateKernels({ kernels: await loadKernels("simd", "test") }, memory, "test");
  const wasm = { ...kernels };
  const spread = vi.spyOn(wasm, "pack");
  const pack = packOf(stridesOf(order), "o", "hwi", "nhwc");
  const place = { wasm, float32: new Float32Array(memory.buffer), block: 64 };
  packFilter(pack, formOf(pack, tile), numbers(count), 0, 65536, place);
  expect(spread.mock.calls.length).toBeGreaterThan(1);
  expect(spread.mock.calls.length).toBeLessThan(count / 100);
});

test("an array that does not hold the whole filter is refused before anything is written", async () => {
  const pack = packOf(stridesOf("goihw"), "o", "hwi", "nchw");
  const code = expect.objectContaining({ code: "argument.shape" });
  using provider = await wasmGemm();
  const heap = await provider.createHeap(2 ** 20);
  const target = heap.allocate(provider.packedForm(pack).bytes);
  const detached = numbers(count);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  for (const [source, offset] of [
    [numbers(count - 1), 0],
    [numbers(count), 1],
    [numbers(count), -1],
    [detached, 0],
  ] as const) {
    expect(() => provider.pack(pack, source, offset, target)).toThrowError(code);
  }
  expect(target.float32.every((value) => value === 0)).toBe(true);
});
