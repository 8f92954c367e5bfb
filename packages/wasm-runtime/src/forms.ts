import { levelCount, type PackDescriptor, type PackedForm } from "@leanconv/gemm";
import type { Tile } from "./tile.ts";

/** How a constant lies: panels of rows, or plain where there is one row only (depthwise). */
export interface WasmForm extends PackedForm {
  /** Rows of a panel; 0 for plain. */
  readonly panel: number;
}

/**
 * Panels of mr rows, [batch][panel][k][mr], for products with contiguous pixels; of nr rows for contiguous channels. The
 * last panel is padded. One row alone is [batch][k], or [k][batch] where channels are innermost, as depthwise reads it.
 */
export function formOf(pack: PackDescriptor, { mr, nr }: Tile): WasmForm {
  const rows = levelCount(pack.rows);
  const k = levelCount(pack.k);
  const batch = levelCount(pack.batch);
  if (rows === 1) {
    const innermost = pack.layout === "nhwc";
    return { panel: 0, bytes: 4 * batch * k, batchStride: innermost ? 1 : k, kStride: innermost ? batch : 1 };
  }
  const panel = pack.layout === "nhwc" ? nr : mr;
  const batchStride = Math.ceil(rows / panel) * panel * k;
  return { panel, bytes: 4 * batch * batchStride, batchStride, kStride: panel };
}
