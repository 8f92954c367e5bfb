import { convError, type Region } from "@leanconv/core";
import type { ProviderForms } from "../define-provider.ts";
import type { PackDescriptor, WinogradTile } from "../descriptor.ts";
import { winogradMatrices, winogradPoints } from "../winograd.ts";
import { levelOffsets } from "./pack.ts";

const taps = 9;

/**
 * Packs weights of Winograd's transform domain without memory beside them. A packed form only moves elements, so that the
 * taps of the filters, packed as matrices, have every filter at one place in all nine of them; they are packed into the
 * last nine of the (m + 2)^2 matrices, and the filter at each place is then transformed over all of these.
 */
export function packTransformed(
  forms: ProviderForms,
  pack: PackDescriptor,
  source: Float32Array,
  offset: number,
  target: Region,
): void {
  const { transform, batch, ...axes } = pack;
  if (transform === undefined) throw convError("internal.invariant", { where: "pack", what: "no transform" });
  const { tile, line, col } = transform;
  const points = winogradPoints(tile);
  const { batchStride } = forms.packedForm(pack);
  const tapPack: PackDescriptor = {
    ...axes,
    batch: [
      [3, line],
      [3, col],
    ],
  };
  if (forms.packedForm(tapPack).batchStride !== batchStride) {
    throw convError("unsupported.operand", {
      where: "pack",
      what: "this form interleaves the matrices of a batch, which a transform needs apart",
      fix: 'pack a single row with layout "nchw"',
    });
  }
  levelOffsets(batch.slice(0, -1)).forEach((at, index) => {
    const base = index * points * batchStride;
    const staged = base + (points - taps) * batchStride;
    forms.pack(tapPack, source, offset + at, pieceOf(target, staged, taps * batchStride));
    const matrices = pieceOf(target, base, points * batchStride);
    if (forms.transformFilters) forms.transformFilters(tile, matrices, batchStride);
    else transformFilters(tile, matrices.float32, batchStride);
  });
}

/** Elements of a region as a region. */
function pieceOf(region: Region, first: number, elements: number): Region {
  const float32 = region.float32.subarray(first, first + elements);
  return { ...region, byteOffset: region.byteOffset + 4 * first, bytes: 4 * elements, float32 };
}

/** (m + 2)^2 matrices of `size` elements, the last nine of which hold the taps of filters: each becomes its transform. */
export function transformFilters(tile: WinogradTile, matrices: Float32Array, size: number): void {
  const q = tile + 2;
  const factors = Float64Array.from(winogradMatrices[tile].filter.flat());
  const filter = new Float64Array(taps);
  const half = new Float64Array(q * 3);
  const staged = (q * q - taps) * size;
  for (let at = 0; at < size; at++) {
    for (let tap = 0; tap < taps; tap++) filter[tap] = matrices[staged + tap * size + at];
    for (let i = 0; i < q; i++) {
      const [a, b, c] = [factors[3 * i], factors[3 * i + 1], factors[3 * i + 2]];
      for (let j = 0; j < 3; j++) half[3 * i + j] = a * filter[j] + b * filter[3 + j] + c * filter[6 + j];
    }
    for (let i = 0; i < q; i++) {
      for (let j = 0; j < q; j++) {
        const sum =
          half[3 * i] * factors[3 * j] + half[3 * i + 1] * factors[3 * j + 1] + half[3 * i + 2] * factors[3 * j + 2];
        matrices[(i * q + j) * size + at] = sum;
      }
    }
  }
}
