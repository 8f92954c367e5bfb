import type { ConvProblem, Variant } from "@leanconv/conv";
import type { Slot } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";

/** How many rows the lowered matrix keeps of one image, or how many images of them (algorithms.md sections 5.2, 5.4). */
export type LoweredExtent = "batch" | "padded" | "real" | "ring";

const extents: Readonly<Record<string, LoweredExtent | undefined>> = {
  "solution-a": "batch",
  batch: "batch",
  "solution-b": "padded",
  "real-rows": "real",
  planes: "real",
  panels: "real",
  rolling: "ring",
};

/** What a form lowers; undefined for words that are no form. */
export function extentOf(form: string): LoweredExtent | undefined {
  return Object.hasOwn(extents, form) ? extents[form] : undefined;
}

/** Rows of one image that are kept at a time: the padded rows, the real ones, or those one output row needs. */
export function loweredRows(p: ConvProblem, extent: LoweredExtent): number {
  if (extent === "ring") return p.dh * (p.kh - 1) + 1;
  return extent === "real" ? p.ih : p.ih + p.pt + p.pb;
}

/**
 * Elements of the lowered matrix L of one group: for every output column a strip `kw` wide, as high as the rows kept,
 * of `ic / groups` channels. n * ow * (ih + pt + pb) * kw * ic/groups for a whole batch, ow * ih * kw * ic/groups for
 * the real rows of one image, ow * (dh * (kh - 1) + 1) * kw * ic/groups for a ring.
 */
export function loweredElements(p: ConvProblem, extent: LoweredExtent): number {
  const images = extent === "batch" ? p.n : 1;
  return images * p.ow * loweredRows(p, extent) * p.kw * (p.ic / p.groups);
}

/** The lowered matrix, or the provider's panels of it, which round the columns up to whole panels. */
export function mecSlots(p: ConvProblem, { form }: Variant, provider: GemmProvider): readonly Slot[] {
  const extent = extentOf(form) ?? "padded";
  if (form !== "panels") return [{ name: "lowered", elements: loweredElements(p, extent) }];
  const depth = loweredRows(p, extent) * p.kw * (p.ic / p.groups);
  return [{ name: "lowered", elements: provider.panelElements(depth, p.ow) }];
}
