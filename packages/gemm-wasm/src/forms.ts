import { levelCount, levelOffsets, type PackDescriptor, type PackedForm, type ProviderForms } from "@leanconv/gemm";
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

/** Packed constants of a tile. Packing allocates the offsets of one matrix's axes. */
export function wasmForms(tile: Tile): ProviderForms {
  return {
    packedForm: (pack) => formOf(pack, tile),
    pack(pack, source, at, target) {
      const { panel, batchStride, kStride } = formOf(pack, tile);
      const batches = levelOffsets(pack.batch);
      const rows = levelOffsets(pack.rows);
      const depths = levelOffsets(pack.k);
      const width = panel || 1;
      for (let b = 0; b < batches.length; b++) {
        for (let first = 0; first < rows.length; first += width) {
          const to = b * batchStride + first * depths.length;
          for (let k = 0; k < depths.length; k++) {
            const from = at + batches[b] + depths[k];
            for (let r = 0; r < width; r++) {
              target[to + k * kStride + r] = first + r < rows.length ? source[from + rows[first + r]] : 0;
            }
          }
        }
      }
    },
  };
}
