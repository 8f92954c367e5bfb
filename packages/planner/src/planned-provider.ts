import type { GemmProvider } from "@leanconv/gemm";
import type { PlannedProvider } from "./plan.ts";

/** What a plan says about its provider. */
export function plannedProvider({ name, identity, capabilities: { outside } }: GemmProvider): PlannedProvider {
  return { name, identity, ...(outside !== undefined && { outside }) };
}
