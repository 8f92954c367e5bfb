import type { ConvProblem, Offer, VariantContext } from "@leanconv/conv";
import type { Refusal } from "@leanconv/core";
import { patchElements } from "./slots.ts";

/** Workspace that strips are cut to, in bytes: from a level-1 cache to a few megabytes. */
const stripBytes = [64 << 10, 256 << 10, 1 << 20, 4 << 20];

/**
 * "full" builds the whole matrix, "strip" `rows` output rows of it at a time, "panels" the same straight into the
 * provider's packed form, and "pointwise" nothing: a 1x1 kernel at stride 1 without padding has its input for a matrix.
 */
export function im2colVariants(p: ConvProblem, context: VariantContext = {}): readonly Offer[] {
  const { inputLayout = "nchw", outputLayout = inputLayout } = context;
  const layouts = { inputLayout, outputLayout };
  const pointwise = refusesPointwise(p);
  const strips = stripRows(p);
  return [
    {
      variant: { form: "pointwise", parameters: {}, ...layouts },
      ...(pointwise && { refusal: pointwise }),
    },
    { variant: { form: "full", parameters: {}, ...layouts } },
    ...strips.map((rows) => ({ variant: { form: "strip", parameters: { rows }, ...layouts } })),
    ...strips.map((rows) => ({ variant: { form: "panels", parameters: { rows }, ...layouts } })),
  ];
}

/** Why the input is not its own patch matrix, or undefined where it is. */
export function refusesPointwise(p: ConvProblem): Refusal | undefined {
  if (p.kh * p.kw > 1) return { code: "unsupported.kernel", reason: `needs a 1x1 kernel, not ${p.kh}x${p.kw}` };
  if (p.sh * p.sw > 1) return { code: "unsupported.strides", reason: `needs stride 1, not ${p.sh}x${p.sw}` };
  if (p.pt + p.pb + p.pl + p.pr > 0) return { code: "unsupported.padding", reason: "needs an input without padding" };
  return undefined;
}

/** Rows of equally high strips, for each workspace they are cut to. The last strip may be lower. */
function stripRows(p: ConvProblem): readonly number[] {
  const rows = new Set([1]);
  for (const bytes of stripBytes) {
    const most = Math.max(1, Math.min(p.oh, Math.floor(bytes / (4 * patchElements(p, 1)))));
    rows.add(Math.ceil(p.oh / Math.ceil(p.oh / most)));
  }
  return [...rows].sort((a, b) => a - b);
}
