import { type ConvProblem, type KernelTap, type Offer, tapsOf, tapWindow, type VariantContext } from "@leanconv/conv";
import type { Refusal } from "@leanconv/core";

/** Workspace that strips are cut to, in bytes: from a level-1 cache to a few megabytes. */
const stripBytes = [64 << 10, 256 << 10, 1 << 20, 4 << 20];

/** One form: one product for all taps. With channels innermost it is the published kn2col. */
export function kn2rowVariants(_problem: ConvProblem, context: VariantContext = {}): readonly Offer[] {
  const { inputLayout = "nchw", outputLayout = inputLayout } = context;
  return [{ variant: { form: "whole", parameters: {}, inputLayout, outputLayout } }];
}

/**
 * "whole" multiplies one tap with the image at a time, "strip" with `rows` rows of it, and "aligned" is "whole" with one
 * tap that reads a pixel for every output and so goes straight to its place.
 */
export function kn2rowAsVariants(p: ConvProblem, context: VariantContext = {}): readonly Offer[] {
  const { inputLayout = "nchw", outputLayout = inputLayout } = context;
  const layouts = { inputLayout, outputLayout };
  const refusal = refusesAligned(p);
  return [
    { variant: { form: "whole", parameters: {}, ...layouts } },
    { variant: { form: "aligned", parameters: {}, ...layouts }, ...(refusal && { refusal }) },
    ...stripRows(p).map((rows) => ({ variant: { form: "strip", parameters: { rows }, ...layouts } })),
  ];
}

/** The first tap that reads inside of the image for every output: the centre of a same-padded kernel, or any without padding. */
export function alignedTap(p: ConvProblem): KernelTap | undefined {
  return tapsOf(p).find((tap) => {
    const { y0, y1, x0, x1 } = tapWindow(p, tap);
    return y0 === 0 && x0 === 0 && y1 === p.oh && x1 === p.ow;
  });
}

export function refusesAligned(p: ConvProblem): Refusal | undefined {
  if (alignedTap(p)) return undefined;
  return { code: "unsupported.padding", reason: "no tap reads a pixel for every output" };
}

/**
 * Rows of equally high strips, for each workspace they are cut to. Multiples of the stride, so that all strips but those
 * at the border serve their output rows alike.
 */
function stripRows(p: ConvProblem): readonly number[] {
  const rowBytes = 4 * (p.oc / p.groups) * p.iw;
  const rows = new Set<number>();
  for (const bytes of stripBytes) {
    const most = Math.max(1, Math.floor(bytes / rowBytes / p.sh));
    const strips = Math.ceil(p.ih / (most * p.sh));
    rows.add(Math.ceil(p.ih / strips / p.sh) * p.sh);
  }
  return [...rows].filter((count) => count < p.ih).sort((a, b) => a - b);
}
