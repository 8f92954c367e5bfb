import type { Refusal } from "@leanconv/core";
import type { ImageLayout } from "@leanconv/tensor";
import type { Offer, Variant, VariantContext } from "../algorithm.ts";
import type { ConvProblem } from "../problem.ts";

export type AccumulateForm = "window" | "rows" | "slice" | "punch";

export const accumulateForms: readonly AccumulateForm[] = ["window", "rows", "slice", "punch"];

/** Strips hold about this many pixels, so that a strip of C stays in a level-1 or level-2 cache between taps. */
const stripPixels = 256;
/** Or a strip of input and output of about this size: half of a level-2 cache, for libraries with a cost per call. */
const stripBytes = 1 << 20;

/** All forms, whole and in strips, for an input in the layout that the algorithm is defined for. */
export function accumulateVariants(
  p: ConvProblem,
  layout: ImageLayout,
  name: string,
  context: VariantContext = {},
): readonly Offer[] {
  const { inputLayout = "nchw", outputLayout = inputLayout, exclusiveInput = false } = context;
  const heights = [undefined, ...stripHeights(p)];
  return accumulateForms.flatMap((form) =>
    heights.map((rows) => {
      const variant = { form, parameters: rows === undefined ? {} : { rows }, inputLayout, outputLayout };
      const refusal = refuseAccumulate(p, variant, layout, name, exclusiveInput);
      return { variant, ...(refusal && { refusal }) };
    }),
  );
}

/** Why a variant cannot compute a problem; undefined where it can. */
export function refuseAccumulate(
  p: ConvProblem,
  { form, inputLayout }: Variant,
  layout: ImageLayout,
  name: string,
  exclusiveInput: boolean,
): Refusal | undefined {
  if (inputLayout !== layout) {
    const mirror = layout === "nchw" ? "kn2col-kw" : "kn2row-aa";
    return {
      code: "unsupported.layout",
      reason: `${name} needs an ${layout} input; its mirror for ${inputLayout} is ${mirror}`,
    };
  }
  if (form !== "punch") return undefined;
  if (p.sh > 1 || p.sw > 1) return { code: "unsupported.strides", reason: "punching needs stride 1" };
  if (p.ow !== p.iw) {
    return {
      code: "unsupported.padding",
      reason: `punching needs an output as wide as the input, not ${p.ow} of ${p.iw}`,
    };
  }
  if (!exclusiveInput) {
    return {
      code: "unsupported.shared-input",
      reason: "punching changes the input while it runs; declare it exclusive to allow that",
    };
  }
  return undefined;
}

/** Heights of strips, balanced, without the whole image. */
function stripHeights(p: ConvProblem): readonly number[] {
  const rowBytes = 4 * ((p.ic / p.groups) * p.iw * p.sh + (p.oc / p.groups) * p.ow);
  const heights = new Set<number>();
  for (const most of [Math.ceil(stripPixels / p.ow), Math.floor(stripBytes / rowBytes)]) {
    const rows = Math.max(1, Math.min(most, p.oh));
    heights.add(Math.ceil(p.oh / Math.ceil(p.oh / rows)));
  }
  heights.delete(p.oh);
  return [...heights].sort((a, b) => a - b);
}
