import type { Region } from "@leanconv/core";
import { levelCount, levelOffsets, type PackDescriptor, type PackedForm, type ProviderForms } from "@leanconv/gemm";
import { mr } from "./tile.ts";

/**
 * Packed weights lie as [batch][panel][k][mr], the last panel filled up with zeros, so that the tile reads them from
 * front to back and a sub-range of k is an offset. A matrix of one row (depthwise) is stored as it is: panels would
 * take four times its bytes.
 */
export const panelForms: ProviderForms = { packedForm, pack };

/** Lanes of the panels of a pack. */
export function panelRows(packing: PackDescriptor): number {
  return levelCount(packing.rows) === 1 ? 1 : mr;
}

function packedForm(packing: PackDescriptor): PackedForm {
  const kStride = panelRows(packing);
  const batchStride = Math.ceil(levelCount(packing.rows) / kStride) * kStride * levelCount(packing.k);
  return { bytes: 4 * levelCount(packing.batch) * batchStride, batchStride, kStride, panel: kStride };
}

function pack(packing: PackDescriptor, source: Float32Array, sourceOffset: number, { float32 }: Region): void {
  const batches = levelOffsets(packing.batch);
  const rows = levelOffsets(packing.rows);
  const depths = levelOffsets(packing.k);
  const lanes = panelRows(packing);
  let to = 0;
  for (let batch = 0; batch < batches.length; batch++) {
    for (let row = 0; row < rows.length; row += lanes) {
      for (let k = 0; k < depths.length; k++) {
        const from = sourceOffset + batches[batch] + depths[k];
        for (let lane = row; lane < row + lanes; lane++)
          float32[to++] = lane < rows.length ? source[from + rows[lane]] : 0;
      }
    }
  }
}
