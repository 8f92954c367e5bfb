import { placeSlots, roundUp, type Slot } from "@leanconv/core";
import fc from "fast-check";
import { expect, test } from "vitest";

test("slots follow each other at the alignment, and the last one ends the workspace", () => {
  const slots: Slot[] = [
    { name: "a", elements: 3 },
    { name: "b", elements: 0 },
    { name: "c", elements: 5 },
  ];
  expect(placeSlots(slots, 4, 16)).toEqual({
    slots: [
      { name: "a", elements: 3, byteOffset: 0, strideBytes: 0 },
      { name: "b", elements: 0, byteOffset: 16, strideBytes: 0 },
      { name: "c", elements: 5, byteOffset: 16, strideBytes: 0 },
    ],
    bytes: 36,
  });
});

test("a per-thread slot has one aligned copy for each thread", () => {
  const { slots, bytes } = placeSlots([{ name: "own", elements: 5, perThread: true }], 3, 16);
  expect(slots[0]).toMatchObject({ byteOffset: 0, strideBytes: 32 });
  expect(bytes).toBe(2 * 32 + 20);
});

test("no slots need nothing", () => {
  expect(placeSlots([], 8, 64)).toEqual({ slots: [], bytes: 0 });
});

test("copies of slots never overlap, are aligned, and fill the workspace but for gaps of alignment", () => {
  const slot = fc.record({ name: fc.constant("s"), elements: fc.nat({ max: 50 }), perThread: fc.boolean() });
  const align = fc.constantFrom(4, 16, 64);
  fc.assert(
    fc.property(
      fc.array(slot, { maxLength: 6 }),
      fc.integer({ min: 1, max: 5 }),
      align,
      (slots, threads, alignBytes) => {
        const { slots: placed, bytes } = placeSlots(slots, threads, alignBytes);
        const copies = placed.flatMap(({ byteOffset, strideBytes, elements, perThread }) =>
          Array.from({ length: perThread ? threads : 1 }, (_, t) => ({
            begin: byteOffset + t * strideBytes,
            end: byteOffset + t * strideBytes + 4 * elements,
          })),
        );
        let end = 0;
        for (const copy of copies) {
          expect(copy.begin % alignBytes).toBe(0);
          expect(copy.begin).toBe(roundUp(end, alignBytes));
          end = copy.end;
        }
        expect(bytes).toBe(end);
      },
    ),
  );
});
