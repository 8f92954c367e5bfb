import { type Heap, roundUp } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const withCode = (code: string): object => expect.objectContaining({ code });

/** Heaps have exactly the size that was asked for, and the provider answers for its own life. */
export function testHeaps(open: () => GemmProvider | Promise<GemmProvider>): void {
  describe("heaps", () => {
    let provider: GemmProvider;
    beforeAll(async () => {
      provider = await open();
    });
    afterAll(() => provider?.dispose());

    test.each([0, 1, 4096, 65536, 100_001])("a heap of %i bytes has these, in whole pages", async (bytes) => {
      const { pageBytes, reservedBytes, alignBytes } = provider.capabilities;
      const heap: Heap = await provider.createHeap(bytes);
      expect(heap.bytes).toBe(roundUp(Math.max(bytes, reservedBytes), pageBytes));
      expect(heap.buffer.byteLength).toBe(heap.bytes);
      expect(heap.provider).toBe(provider.name);
      expect(heap.alignBytes).toBe(alignBytes);
      expect(heap.reservedBytes).toBe(reservedBytes);
      expect(heap.usedBytes).toBe(Math.min(heap.bytes, roundUp(reservedBytes, alignBytes)));
      const whole = heap.allocate(heap.bytes - heap.usedBytes);
      expect(whole.byteOffset + whole.bytes).toBe(heap.bytes);
      expect(() => heap.allocate(1)).toThrowError(withCode("resource.out-of-memory"));
      heap.dispose();
      expect(() => heap.allocate(0)).toThrowError(withCode("state.disposed"));
    });

    test("a heap of no sensible size is refused", async () => {
      await expect(provider.createHeap(-1)).rejects.toThrowError(withCode("argument.range"));
      await expect(provider.createHeap(0.5)).rejects.toThrowError(withCode("argument.range"));
      await expect(provider.createHeap(Number.NaN)).rejects.toThrowError(withCode("argument.range"));
      await expect(provider.createHeap(2 ** 52)).rejects.toThrowError(withCode("resource.out-of-memory"));
    });

    test("heaps are independent of each other", async () => {
      const [first, second] = [await provider.createHeap(4096), await provider.createHeap(4096)];
      expect(first.buffer).not.toBe(second.buffer);
      first.dispose();
      expect(second.allocate(16).bytes).toBe(16);
      second.dispose();
    });

    test("a disposed provider does nothing any more, and says so", async () => {
      const disposed = await open();
      const heap = await disposed.createHeap(4096);
      const region = heap.allocate(256);
      expect(disposed.disposed).toBe(false);
      disposed.dispose();
      disposed.dispose();
      expect(disposed.disposed).toBe(true);
      const pack = { kind: "pack", dtype: "float32", batch: [[1, 1]], rows: [[1, 1]], k: [[1, 1]] } as const;
      const fill = { kind: "fill", dtype: "float32", extents: [1], target: [1], value: 0 } as const;
      await expect(disposed.createHeap(16)).rejects.toThrowError(withCode("state.disposed"));
      expect(() => disposed.pack(pack, new Float32Array(1), 0, region)).toThrowError(withCode("state.disposed"));
      expect(() => disposed.compile(fill, heap)).toThrowError(withCode("state.disposed"));
      const program = { operands: [], slots: [], kernels: [], body: [] };
      expect(() => disposed.bind(program, { heap, operands: {} })).toThrowError(withCode("state.disposed"));
    });

    test("`using` disposes", async () => {
      // What `using` calls at the end of a block. Node 22 runs these sources as they are and does not know the word.
      const provider = await open();
      expect(provider.disposed).toBe(false);
      provider[Symbol.dispose]();
      expect(provider.disposed).toBe(true);
    });
  });
}
