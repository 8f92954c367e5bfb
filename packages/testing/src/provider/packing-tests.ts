import { Heap, type Region } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { guardArray, guardWord, wordsOf } from "../guard.ts";
import { packedA, type StrideMode } from "../kernel/gemm-operands.ts";
import { randomFrom, valueFrom } from "../random.ts";

/** Packed constants: the bytes that were declared, no others, from foreign memory, the same every time. */
export function testPacking(provider: () => GemmProvider, heap: () => Heap, runs: number): void {
  const cases = fc.record({
    m: fc.integer({ min: 1, max: 20 }),
    k: fc.integer({ min: 1, max: 40 }),
    batch: fc.integer({ min: 1, max: 3 }),
    mode: fc.constantFrom<StrideMode>("planes", "gaps"),
    seed: fc.nat(),
  });

  test("pack fills exactly the declared bytes, from any memory and strides, and leaves the source alone", () => {
    fc.assert(
      fc.property(cases, ({ m, k, batch, mode, seed }) => {
        const random = randomFrom(seed);
        const { pack, used, origin } = packedA(random, mode, batch, { m, k, rows: 1, cols: 1 }).operand.packed!;
        const filter = guardArray(used.length);
        for (let i = 0; i < used.length; i++) if (used[i]) filter[i] = valueFrom(random, "reals");
        const before = wordsOf(filter).slice();
        const form = provider().packedForm(pack);
        expect(provider().packedForm(pack)).toEqual(form);
        expect(form.bytes % 4).toBe(0);

        const mark = heap().mark();
        const below = heap().allocate(64);
        const target = heap().allocate(form.bytes, "packed");
        const above = heap().allocate(64);
        for (const region of [below, target, above]) wordsOf(region.float32).fill(guardWord);
        provider().pack(pack, filter, origin, target);
        expect(intact(below) && intact(above), "pack wrote outside of its region").toBe(true);
        const words = wordsOf(target.float32);
        const tail = words.subarray(Math.max(0, words.length - heap().alignBytes / 4));
        expect(
          tail.some((word) => word !== guardWord),
          "the end of the declared bytes is not used",
        ).toBe(true);
        expect(wordsOf(filter)).toEqual(before);

        const first = words.slice();
        words.fill(0);
        provider().pack(pack, filter, origin, target);
        const again = words.map((word, i) => (first[i] === guardWord ? guardWord : word));
        expect(again).toEqual(first);
        heap().release(mark);
      }),
      { numRuns: runs },
    );
  });

  test("pack into memory of another provider, or of a heap that is gone, is refused", () => {
    const { pack, used, origin } = packedA(randomFrom(1), "planes", 1, { m: 3, k: 5, rows: 1, cols: 1 }).operand
      .packed!;
    const { bytes } = provider().packedForm(pack);
    const { alignBytes } = heap();
    const source = new Float32Array(used.length);
    const foreign = new Heap(new ArrayBuffer(bytes + alignBytes), { provider: "nobody", alignBytes });
    const own = new Heap(new ArrayBuffer(bytes + alignBytes), { provider: provider().name, alignBytes });
    const [there, gone] = [foreign.allocate(bytes), own.allocate(bytes)];
    own.dispose();
    expect(() => provider().pack(pack, source, origin, there)).toThrowError(withCode("state.wrong-memory"));
    expect(() => provider().pack(pack, source, origin, gone)).toThrowError(withCode("state.disposed"));
  });

  test("pack into a region that is too small is refused with the numbers", () => {
    const { pack, used, origin } = packedA(randomFrom(1), "planes", 1, { m: 3, k: 5, rows: 1, cols: 1 }).operand
      .packed!;
    const mark = heap().mark();
    const target = heap().allocate(provider().packedForm(pack).bytes - 4);
    expect(() => provider().pack(pack, new Float32Array(used.length), origin, target)).toThrowError(
      withCode("resource.out-of-memory"),
    );
    heap().release(mark);
  });
}

const withCode = (code: string): object => expect.objectContaining({ code });

function intact(region: Region): boolean {
  return wordsOf(region.float32).every((word) => word === guardWord);
}
