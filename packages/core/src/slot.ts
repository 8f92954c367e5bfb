import { roundUp } from "./integer.ts";

/** A named piece of workspace, as an algorithm books it. Its contents are arbitrary on entry and on exit. */
export interface Slot {
  readonly name: string;
  /** float32 elements, of one copy. */
  readonly elements: number;
  /** One copy for every thread instead of one for all. */
  readonly perThread?: boolean;
}

/** Where a slot lies in the workspace. `strideBytes` is the distance between two threads' copies, 0 for a shared slot. */
export interface PlacedSlot extends Slot {
  readonly byteOffset: number;
  readonly strideBytes: number;
}

export interface SlotLayout {
  readonly slots: readonly PlacedSlot[];
  readonly bytes: number;
}

/**
 * Places slots one after the other. The query and the binding both read this one layout, so that what is declared and
 * what is used cannot drift apart (the ledger of oneDNN's scratchpad).
 */
export function placeSlots(slots: readonly Slot[], threads: number, alignBytes: number): SlotLayout {
  let bytes = 0;
  const placed = slots.map((slot): PlacedSlot => {
    const byteOffset = roundUp(bytes, alignBytes);
    const copyBytes = slot.elements * 4;
    const strideBytes = slot.perThread ? roundUp(copyBytes, alignBytes) : 0;
    bytes = byteOffset + copyBytes + (slot.perThread ? strideBytes * (threads - 1) : 0);
    return { ...slot, byteOffset, strideBytes };
  });
  return { slots: placed, bytes };
}
