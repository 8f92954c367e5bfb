import type { Heap } from "@leanconv/core";
import type { GemmDescriptor, PackDescriptor } from "@leanconv/gemm";
import { describe, expect, test } from "vitest";
import { jsGemm, mr, nr, tile } from "../src/index.ts";

describe("jsGemm", () => {
  test("says what it is", () => {
    const provider = jsGemm();
    expect(provider.name).toBe("js");
    expect(provider.identity).toBe("js-4x4-kc384");
    expect(provider.capabilities).toMatchObject({ mr: 4, nr: 4, panelWidth: 4, threads: 1, nativePatch: true });
  });

  test("names the depth of the blocks, on which roundings depend, in its identity", () => {
    expect(jsGemm({ kc: 100 }).identity).not.toBe(jsGemm().identity);
    expect(jsGemm({ nc: 8 }).identity).toBe(jsGemm().identity);
  });

  test.each([{ kc: 0 }, { kc: 1.5 }, { nc: 0 }, { nc: 6 }, { nc: Number.NaN }])("refuses %o", (options) => {
    expect(() => jsGemm(options)).toThrowError(expect.objectContaining({ code: "argument.range" }));
  });
});

test("a heap of more than 8 GiB is refused, as kernels count elements in 32-bit integers", () => {
  const gemm: GemmDescriptor = {
    ...{ kind: "gemm", dtype: "float32", m: 1, k: 1, rows: 1, cols: 1, beta: 0 },
    ...{ a: { kind: "plain", m: 1, k: 1 }, b: { kind: "plain", k: 1, row: 1, col: 1 }, c: { m: 1, row: 1, col: 1 } },
  };
  const heap = { bytes: 2 ** 33 + 16, float32: new Float32Array(0) } as unknown as Heap;
  expect(() => jsGemm().compile(gemm, heap)).toThrowError(expect.objectContaining({ code: "argument.range" }));
});

describe("packed weights", () => {
  const pack: PackDescriptor = { kind: "pack", dtype: "float32", batch: [], rows: [[5, 3]], k: [[3, 1]] };

  test("lie in panels of four rows, the last filled up with zeros", async () => {
    const provider = jsGemm();
    const heap = await provider.createHeap(1024);
    const target = heap.allocate(provider.packedForm(pack).bytes);
    provider.pack(
      pack,
      Float32Array.from({ length: 15 }, (_, i) => 10 * Math.floor(i / 3) + (i % 3)),
      0,
      target,
    );
    expect([...target.float32]).toEqual([
      0,
      10,
      20,
      30,
      1,
      11,
      21,
      31,
      2,
      12,
      22,
      32,
      ...[40, 0, 0, 0, 41, 0, 0, 0, 42, 0, 0, 0],
    ]);
  });

  test("of one row take no more than the row", () => {
    expect(jsGemm().packedForm({ ...pack, rows: [[1, 3]] })).toEqual({
      bytes: 12,
      batchStride: 3,
      kStride: 1,
      panel: 1,
    });
  });
});

describe("a patch of one tap that is added to C", () => {
  /** 2 x 2 pixels against an image that they leave on the right and below. */
  const window: GemmDescriptor = {
    ...{ kind: "gemm", dtype: "float32", m: 1, k: 1, rows: 2, cols: 2, beta: 1, a: { kind: "plain", m: 1, k: 1 } },
    b: {
      kind: "patch",
      channels: 1,
      taps: [{ dy: 1, dx: 1 }],
      ih: 2,
      iw: 2,
      sh: 1,
      sw: 1,
      channel: 4,
      line: 2,
      col: 1,
    },
    c: { m: 4, row: 2, col: 1 },
  };

  test("leaves alone what lies outside of the image", async () => {
    const provider = jsGemm();
    const heap = await provider.createHeap(4096);
    heap.float32.set([2, 0, 0, 0, 1, 2, 3, 4, -0, -0, -0, -0]);
    const call = { a: 0, b: 4, c: 8, bias: 0, slopes: 0, source: 0, target: 0, values: 0, scratch: 64 };
    provider.compile(window, heap).run({ ...call, rowBegin: 0, rowEnd: 2, part: 0, parts: 1 });
    // Adding +0 would have made +0 of -0.
    expect([...heap.float32.subarray(8, 12)]).toEqual([8, -0, -0, -0]);
  });
});

test("the tile sums panels of any depth, and only the rows asked for count", () => {
  const memory = Float32Array.from({ length: 64 }, (_, i) => i % 7);
  const sums = new Float64Array(mr * nr);
  tile(memory, 0, 32, 3, 4, sums);
  for (let i = 0; i < mr; i++) {
    for (let j = 0; j < nr; j++) {
      let want = 0;
      for (let k = 0; k < 3; k++) want += memory[mr * k + i] * memory[32 + nr * k + j];
      expect(sums[nr * i + j]).toBe(want);
    }
  }
  tile(memory, 0, 32, 0, 4, sums);
  expect([...sums]).toEqual(new Array(16).fill(0));
});
