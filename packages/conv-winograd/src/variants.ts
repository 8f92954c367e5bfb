import type { ConvProblem, Offer, VariantContext } from "@leanconv/conv";
import type { Refusal } from "@leanconv/core";
import type { WinogradTile } from "@leanconv/gemm";
import { smallestBytes, tileGrid } from "./slots.ts";

/** The one form in blocks of tiles, once for every bound that makes a difference, up to the first that holds all tiles. */
export function winogradVariants(
  p: ConvProblem,
  tile: WinogradTile,
  boundsKib: readonly number[],
  context: VariantContext = {},
): readonly Offer[] {
  const { inputLayout = "nchw", outputLayout = inputLayout } = context;
  const refusal = refusesProblem(p);
  const [rows, cols] = tileGrid(p, tile);
  const enough = boundsKib.findIndex((kib) => smallestBytes(p, tile, rows * cols) <= 1024 * kib);
  const bounds = refusal ? boundsKib.slice(0, 1) : enough < 0 ? boundsKib : boundsKib.slice(0, enough + 1);
  return bounds.map((boundKib) => ({
    variant: { form: "blocks", parameters: { boundKib }, inputLayout, outputLayout },
    ...(refusal && { refusal }),
  }));
}

/** Why a problem cannot be computed by these transforms. */
export function refusesProblem(p: ConvProblem): Refusal | undefined {
  if (p.kh !== 3 || p.kw !== 3) {
    return { code: "unsupported.kernel", reason: `the transforms are for 3x3 kernels, not ${p.kh}x${p.kw}` };
  }
  if (p.sh !== 1 || p.sw !== 1) {
    return { code: "unsupported.strides", reason: "the transforms are for a stride of 1" };
  }
  if (p.dh !== 1 || p.dw !== 1) {
    return { code: "unsupported.dilation", reason: "the transforms are for a dilation of 1" };
  }
  return undefined;
}
