export {
  type ConvError,
  convError,
  type ErrorCode,
  type ErrorParts,
  errorCodes,
  errorWithin,
  isConvError,
} from "./error.ts";
export { Heap, type HeapOptions, heapBytes, type Region } from "./heap.ts";
export { exactProduct, roundUp } from "./integer.ts";
export type { Refusal } from "./refusal.ts";
export { type PlacedSlot, placeSlots, type Slot, type SlotLayout } from "./slot.ts";
