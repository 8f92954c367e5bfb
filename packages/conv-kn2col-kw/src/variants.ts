import type { ConvProblem, Offer, VariantContext } from "@leanconv/conv";
import { accumulateVariants } from "@leanconv/conv/accumulate";

/** Forms window, rows, slice and punch, whole and in strips, on nhwc inputs. */
export function kn2colKwVariants(problem: ConvProblem, context?: VariantContext): readonly Offer[] {
  return accumulateVariants(problem, "nhwc", "kn2col-kw", context);
}
