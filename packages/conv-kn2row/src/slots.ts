import { type ConvProblem, tapsOf, tapWindow, type Variant } from "@leanconv/conv";
import type { Slot } from "@leanconv/core";

/** Elements of the products of `taps` taps with `rows` rows of the image, of one group: taps * oc/groups * rows * iw. */
function productElements(p: ConvProblem, taps: number, rows: number): number {
  return taps * (p.oc / p.groups) * rows * p.iw;
}

/** kn2row: the products of all taps at once, kh * kw * oc/groups * ih * iw (algorithms.md section 2.3). */
export function kn2rowSlots(p: ConvProblem): readonly Slot[] {
  return [{ name: "products", elements: productElements(p, p.kh * p.kw, p.ih) }];
}

/** kn2row-as: the product of one tap, oc/groups * ih * iw, or of R rows of it (section 2.4); nothing if none is stored. */
export function kn2rowAsSlots(p: ConvProblem, { form, parameters }: Variant): readonly Slot[] {
  if (form === "aligned" && liveTaps(p) === 1) return [];
  return [{ name: "product", elements: productElements(p, 1, productRows(p, parameters)) }];
}

/** Image rows of one product: all of them, or the strip's. */
export function productRows(p: ConvProblem, { rows = p.ih }: Variant["parameters"]): number {
  return Math.max(1, Math.min(rows, p.ih));
}

/** Taps that read inside of the image for some output. */
export function liveTaps(p: ConvProblem): number {
  return tapsOf(p).filter((tap) => {
    const { y0, y1, x0, x1 } = tapWindow(p, tap);
    return y1 > y0 && x1 > x0;
  }).length;
}
