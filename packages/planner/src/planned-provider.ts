import type { GemmProvider } from "@leanconv/gemm";
import type { PlannedProvider } from "./plan.ts";

/** What a plan says about its provider. */
export function plannedProvider({ name, identity, capabilities }: GemmProvider): PlannedProvider {
  const { threads, outside } = capabilities;
  return { name, identity, threads, ...(outside !== undefined && { outside }) };
}
