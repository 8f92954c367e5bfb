import { levelCount, type PackDescriptor } from "@leanconv/gemm";
import { formOf, type Tile, type WasmForm } from "@leanconv/wasm-runtime";

/**
 * A packed constant lies [batch][k][rows]: a range of k, so a tap, is contiguous, and both orientations of a product read
 * it as it is, one of them as a transposed operand. Libraries pack their operands anew in every call; how A lies makes
 * little difference to them (performance is within noise of [rows][k]).
 *
 * It is one panel of all rows, which the wasm kernels pack as any other. A single row stays in the form of the wasm kernels, which compute what has one (depthwise).
 */
export function nativeForm(pack: PackDescriptor, tile: Tile): WasmForm {
  const rows = levelCount(pack.rows);
  if (rows === 1) return formOf(pack, tile);
  const batchStride = rows * levelCount(pack.k);
  return { panel: rows, bytes: 4 * levelCount(pack.batch) * batchStride, batchStride, kStride: rows };
}
