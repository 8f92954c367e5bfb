import type { Variant } from "@leanconv/conv";

/** Equal for equal candidates of one problem, in whatever order their parameters stand. */
export function candidateKey({
  algorithm,
  variant,
}: {
  readonly algorithm: string;
  readonly variant: Variant;
}): string {
  const { form, inputLayout, outputLayout } = variant;
  const parameters = Object.entries(variant.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([algorithm, form, parameters, inputLayout, outputLayout]);
}
