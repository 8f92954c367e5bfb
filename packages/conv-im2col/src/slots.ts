import type { ConvProblem, Variant } from "@leanconv/conv";
import type { Slot } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";

/** Elements of the patch matrix of `rows` output rows of one group of one image: ic/groups * kh * kw * rows * ow. */
export function patchElements(p: ConvProblem, rows: number): number {
  return (p.ic / p.groups) * p.kh * p.kw * rows * p.ow;
}

/** Elements of the whole patch matrix: what "full im2col" means wherever this project compares with it. */
export function fullIm2colElements(p: ConvProblem): number {
  return patchElements(p, p.oh);
}

/** The patch matrix, or the provider's panels of it, which round the columns up to whole panels. */
export function im2colSlots(p: ConvProblem, { form, parameters }: Variant, provider: GemmProvider): readonly Slot[] {
  const rows = Math.min(parameters.rows ?? p.oh, p.oh);
  if (form === "pointwise") return [];
  if (form !== "panels") return [{ name: "patches", elements: patchElements(p, rows) }];
  const depth = (p.ic / p.groups) * p.kh * p.kw;
  return [{ name: "patches", elements: provider.panelElements(depth, rows * p.ow) }];
}
