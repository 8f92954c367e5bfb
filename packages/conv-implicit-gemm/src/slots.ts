import type { Slot } from "@leanconv/core";

/** None: what a panel needs is the provider's scratch, and bounded whatever the layer. */
export function implicitGemmSlots(): readonly Slot[] {
  return [];
}
