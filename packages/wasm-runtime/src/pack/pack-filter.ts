import { levelCount, type PackDescriptor } from "@leanconv/gemm";
import type { KernelExports } from "@leanconv/wasm-kernels";
import type { WasmForm } from "../forms.ts";
import { type PackAxis, packAxes, spanOf } from "./axes.ts";

/** What the kernel is told: a panel, and three axes of four words. */
const axesAtOnce = 3;
const blockWords = 2 + 4 * axesAtOnce;
/** Bytes of a heap through which filters pass that lie elsewhere: the words, then a piece of the filter. */
export const packBlockBytes = 4096;
const pieceElements = packBlockBytes / 4 - 16;

const single: PackAxis = { extent: 1, source: 0, target: 0, column: 0 };

/** The memory of a heap, the kernels on it, and where its pack block lies. */
export interface PackPlace {
  readonly wasm: KernelExports;
  readonly float32: Float32Array;
  readonly block: number;
}

/**
 * Packs a filter from the user's array to byte `target` of a heap. An array of other memory is copied into the block piece
 * by piece, whole runs at a time; the kernel spreads a piece over the panels. Here is only the order of the pieces.
 *
 * Allocates views of the pieces.
 */
export function packFilter(
  pack: PackDescriptor,
  form: WasmForm,
  source: Float32Array,
  offset: number,
  target: number,
  { wasm, float32, block }: PackPlace,
): void {
  clearPadding(pack, form, float32.subarray(target / 4, (target + form.bytes) / 4));
  const axes = packAxes(pack, form);
  if (axes.some(({ extent }) => extent === 0)) return;
  const inside = source.buffer === float32.buffer;
  const width = form.panel || 1;
  const words = new Int32Array(float32.buffer, block, blockWords);
  words[0] = width;
  words[1] = 4 * width * levelCount(pack.k);
  const piece = block / 4 + 16;

  /** Axes whose elements are within a piece, or can be cut to be. */
  function spread(cut: readonly PackAxis[], from: number, to: number, column: number): void {
    for (let i = 0; i < axesAtOnce; i++) {
      const axis = cut[i - axesAtOnce + cut.length];
      const steps = axis ? [axis.extent, 4 * axis.source, 4 * axis.target, axis.column] : [1, 0, 0, 0];
      words.set(steps, 2 + 4 * i);
    }
    const back = cut.reduce((sum, { extent, source }) => sum + Math.min(0, (extent - 1) * source), 0);
    if (inside) {
      wasm.pack(block, source.byteOffset + 4 * from, to, column);
      return;
    }
    float32.set(source.subarray(from + back, from + back + spanOf(cut)), piece);
    wasm.pack(block, 4 * (piece - back), to, column);
  }

  function walk(rest: readonly PackAxis[], from: number, to: number, column: number): void {
    const [axis = single, ...inner] = rest;
    const room = inside ? Number.POSITIVE_INFINITY : pieceElements - spanOf(inner);
    const cuttable = rest.length <= axesAtOnce && room >= 0;
    const most = axis.source === 0 ? axis.extent : Math.floor(room / Math.abs(axis.source)) + 1;
    const extent = cuttable ? Math.min(axis.extent, most) : 1;
    for (let i = 0; i < axis.extent; i += extent) {
      const place = [from + i * axis.source, to + 4 * i * axis.target, column + i * axis.column] as const;
      if (cuttable) spread([{ ...axis, extent: Math.min(extent, axis.extent - i) }, ...inner], ...place);
      else walk(inner, ...place);
    }
  }

  walk(axes, offset, target, 0);
}

/** Rows behind the last one, up to the end of its panel, are zeros. */
function clearPadding(pack: PackDescriptor, { panel, batchStride }: WasmForm, packed: Float32Array): void {
  const rows = levelCount(pack.rows);
  if (panel === 0 || rows % panel === 0) return;
  const whole = Math.floor(rows / panel) * panel * levelCount(pack.k);
  for (let at = 0; at < packed.length; at += batchStride) packed.fill(0, at + whole, at + batchStride);
}
