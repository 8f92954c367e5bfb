import type { Layout } from "../neutral/strides.ts";
import type { OfferRule } from "../offers.ts";

/** What the caller insists on for one convolution; what is absent is left to the planner. */
export interface LayerOverride {
  readonly algorithm?: string | undefined;
  readonly form?: string | undefined;
  readonly parameters?: Readonly<Record<string, number>> | undefined;
  readonly inputLayout?: Layout | undefined;
  readonly outputLayout?: Layout | undefined;
}

/** Rules out every candidate but those of an override. */
export function overrideRule(override: LayerOverride): OfferRule {
  return (_, algorithm, { form, parameters, inputLayout, outputLayout }) => {
    const given: Record<string, unknown> = { algorithm, form, inputLayout, outputLayout };
    for (const [field, value] of Object.entries(given)) {
      const wanted = override[field as "form"];
      if (wanted !== undefined && wanted !== value) return excluded(`the override wants ${field} ${wanted}`);
    }
    for (const [name, wanted] of Object.entries(override.parameters ?? {})) {
      if (parameters[name] !== wanted) return excluded(`the override wants ${name}=${wanted}`);
    }
    return undefined;
  };
}

function excluded(reason: string): ReturnType<OfferRule> {
  return { code: "unsupported.excluded", reason };
}
