import type { ConvProblem, Offer, VariantContext } from "@leanconv/conv";

/** One form, refused for no geometry. */
export function implicitGemmVariants(_problem: ConvProblem, context: VariantContext = {}): readonly Offer[] {
  const { inputLayout = "nchw", outputLayout = inputLayout } = context;
  return [{ variant: { form: "implicit", parameters: {}, inputLayout, outputLayout } }];
}
