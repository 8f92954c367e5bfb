import { Heap, heapBytes } from "@leanconv/core";
import { describe, expect, test } from "vitest";

const heapOf = (bytes: number, options: { alignBytes?: number; reservedBytes?: number; onDispose?: () => void } = {}) =>
  new Heap(new ArrayBuffer(bytes), { provider: "test", alignBytes: 16, ...options });
const withCode = (code: string): object => expect.objectContaining({ code });

describe("regions", () => {
  test("follow each other, every one at the alignment", () => {
    const heap = heapOf(256);
    const places = [4, 20, 0, 16].map((bytes) => heap.allocate(bytes).byteOffset);
    expect(places).toEqual([0, 16, 48, 48]);
    expect(heap.usedBytes).toBe(64);
  });

  test("start behind what the provider keeps for itself", () => {
    const heap = heapOf(256, { reservedBytes: 20, alignBytes: 32 });
    expect(heap.usedBytes).toBe(32);
    expect(heap.allocate(4).byteOffset).toBe(32);
  });

  test("know their heap, name and place, and show their elements", () => {
    const heap = heapOf(64);
    heap.allocate(16);
    const region = heap.allocate(12, "weights");
    expect(region).toMatchObject({ name: "weights", byteOffset: 16, bytes: 12 });
    expect(region.heap).toBe(heap);
    region.float32.set([1, 2, 3]);
    expect([...heap.float32.subarray(3, 8)]).toEqual([0, 1, 2, 3, 0]);
  });

  test("of odd sizes show whole elements only", () => {
    const heap = heapOf(66);
    expect(heap.allocate(7).float32.length).toBe(1);
    expect(heap.float32.length).toBe(16);
  });

  test("may fill the heap to its last byte", () => {
    const heap = heapOf(100);
    heap.allocate(52);
    expect(heap.allocate(36).byteOffset).toBe(64);
    expect(heap.usedBytes).toBe(100);
    expect(() => heap.allocate(1)).toThrowError(withCode("resource.out-of-memory"));
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("of %d bytes are refused", (bytes) => {
    expect(() => heapOf(64).allocate(bytes)).toThrowError(withCode("argument.range"));
  });
});

describe("heapBytes", () => {
  test.each([[[]], [[1]], [[4, 20, 0, 16]], [[100, 3, 64]]])(
    "is exactly what regions of %j take, in any order",
    (sizes) => {
      const options = { alignBytes: 32, reservedBytes: 40 };
      for (const order of [sizes, [...sizes].reverse()]) {
        const heap = heapOf(heapBytes(sizes, options), options);
        for (const bytes of order) heap.allocate(bytes);
        expect(heap.usedBytes).toBe(heap.bytes);
        expect(() => heap.allocate(1)).toThrowError(withCode("resource.out-of-memory"));
      }
    },
  );
});

describe("out of memory", () => {
  test("says what was asked for, what is left and what to do, and takes nothing", () => {
    const heap = heapOf(64);
    heap.allocate(20);
    expect(() => heap.allocate(40, "workspace")).toThrowError(
      expect.objectContaining({
        code: "resource.out-of-memory",
        message: expect.stringMatching(
          /^heap\.allocate\(workspace\): .*got 40 bytes with 32 of 64 left; create the heap/,
        ),
        details: { requestedBytes: 40, freeBytes: 32, heapBytes: 64 },
      }),
    );
    expect(heap.usedBytes).toBe(32);
    expect(heap.allocate(32).byteOffset).toBe(32);
  });

  test("never speaks of negative bytes", () => {
    const heap = heapOf(20);
    heap.allocate(20);
    expect(() => heap.allocate(4)).toThrowError(
      expect.objectContaining({ details: expect.objectContaining({ freeBytes: 0 }) }),
    );
  });
});

describe("marks", () => {
  test("give back everything taken since, and the high water stays", () => {
    const heap = heapOf(256);
    heap.allocate(16);
    const mark = heap.mark();
    const first = heap.allocate(64);
    heap.release(mark);
    expect(heap.usedBytes).toBe(16);
    expect(heap.highWaterBytes).toBe(80);
    expect(heap.allocate(32).byteOffset).toBe(first.byteOffset);
    expect(heap.highWaterBytes).toBe(80);
  });

  test("of another state are refused", () => {
    const heap = heapOf(256, { reservedBytes: 32 });
    const mark = heap.mark();
    heap.allocate(16);
    const later = heap.mark();
    heap.release(mark);
    heap.release(mark);
    expect(() => heap.release(later)).toThrowError(withCode("argument.range"));
    expect(() => heap.release(0)).toThrowError(withCode("argument.range"));
    expect(() => heap.release(Number.NaN)).toThrowError(withCode("argument.range"));
    expect(() => heap.release(mark + 4)).toThrowError(withCode("argument.range"));
  });
});

describe("the end of a heap", () => {
  test("a disposed heap refuses, and tells its provider once", () => {
    let told = 0;
    const heap = heapOf(64, { onDispose: () => told++ });
    {
      using held = heap;
      held.allocate(16);
    }
    heap.dispose();
    expect(told).toBe(1);
    expect(heap.disposed).toBe(true);
    expect(() => heap.allocate(4)).toThrowError(withCode("state.disposed"));
    expect(() => heap.assertUsable("bind")).toThrowError(/^bind: /);
  });

  test("a buffer that was transferred away is noticed", () => {
    const heap = heapOf(64);
    heap.allocate(16);
    structuredClone(heap.buffer, { transfer: [heap.buffer as ArrayBuffer] });
    expect(() => heap.allocate(4)).toThrowError(withCode("state.detached"));
    expect(() => heap.assertUsable("bind")).toThrowError(withCode("state.detached"));
  });

  test("an empty heap is not taken for a detached one", () => {
    const heap = heapOf(0);
    expect(heap.allocate(0).bytes).toBe(0);
    expect(() => heap.allocate(1)).toThrowError(withCode("resource.out-of-memory"));
  });

  test("shared buffers are heaps too", () => {
    const heap = new Heap(new SharedArrayBuffer(64), { provider: "test", alignBytes: 16 });
    expect(heap.allocate(32).float32.buffer).toBe(heap.buffer);
  });
});
