import type { ConvProblem, Offer, Variant, VariantContext } from "@leanconv/conv";
import type { Refusal } from "@leanconv/core";
import { loweredElements } from "./slots.ts";

/** Forms that lower one image and can take the roles of rows and columns the other way round. */
const turnable = ["real-rows", "planes", "panels", "rolling"];

/**
 * "solution-a" and "solution-b" are the paper's; "batch" is the first without its permutation; "real-rows" stores no
 * padded rows, "planes" the same with pixels innermost, "panels" in the provider's packed form, "rolling" only the rows
 * that one output row needs.
 *
 * `turned: 1` slides the strips down the image instead of across it, and is offered where that makes L smaller: what is
 * gained comes from the overlap along the axis that is not copied (algorithms.md section 5.3).
 */
export function mecVariants(p: ConvProblem, threshold: number, context: VariantContext = {}): readonly Offer[] {
  const { inputLayout = "nchw", outputLayout = inputLayout } = context;
  const layouts = { inputLayout, outputLayout };
  const solutionA: Variant = { form: "solution-a", parameters: {}, ...layouts };
  const refusal = refusesSolutionA(p, solutionA, threshold);
  const upright = ["batch", "solution-b", ...turnable].map((form) => ({
    variant: { form, parameters: {}, ...layouts },
  }));
  const turns = loweredElements(turnedProblem(p), "real") < loweredElements(p, "real");
  const turned = turnable.map((form) => ({ variant: { form, parameters: { turned: 1 }, ...layouts } }));
  return [{ variant: solutionA, ...(refusal && { refusal }) }, ...upright, ...(turns ? turned : [])];
}

/**
 * Why the paper's Solution A is not chosen: its own two conditions (output columns up to T, and an output that fits into
 * L, which the permutation needs), and groups, whose h-n-w-c blocks fill their own part of the output only where channels
 * are innermost.
 */
export function refusesSolutionA(p: ConvProblem, variant: Variant, threshold: number): Refusal | undefined {
  if (p.ow > threshold) {
    return { code: "unsupported.size", reason: `${p.ow} output columns are above the threshold T = ${threshold}` };
  }
  const output = p.n * p.oh * p.ow * (p.oc / p.groups);
  const lowered = loweredElements(p, "batch");
  if (output > lowered) {
    return {
      code: "unsupported.size",
      reason: `an output of ${output} elements per group does not fit the lowered matrix of ${lowered}, which its permutation needs`,
    };
  }
  if (p.groups > 1 && variant.outputLayout === "nchw") {
    return { code: "unsupported.groups", reason: "with groups it needs an output with channels innermost" };
  }
  return undefined;
}

/** The same convolution with rows and columns exchanged. */
export function turnedProblem(p: ConvProblem): ConvProblem {
  return {
    ...p,
    ...{ ih: p.iw, iw: p.ih, oh: p.ow, ow: p.oh, kh: p.kw, kw: p.kh },
    ...{ sh: p.sw, sw: p.sh, dh: p.dw, dw: p.dh },
    ...{ pt: p.pl, pb: p.pr, pl: p.pt, pr: p.pb },
  };
}
