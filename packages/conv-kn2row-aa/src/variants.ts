import type { ConvProblem, Offer, VariantContext } from "@leanconv/conv";
import { accumulateVariants } from "@leanconv/conv/accumulate";

/** Forms window, rows, slice and punch, whole and in strips, on nchw inputs. */
export function kn2rowAaVariants(problem: ConvProblem, context?: VariantContext): readonly Offer[] {
  return accumulateVariants(problem, "nchw", "kn2row-aa", context);
}
