import { allAlgorithms, type GemmProvider, type Plan, pickAlgorithms, planLayers } from "leanconv";
import { chooseProvider } from "./choose-provider.ts";
import type { PlanFlags } from "./plan-options.ts";
import { readLayers } from "./read-layers.ts";

export interface PlannedNetwork {
  readonly network: string;
  readonly plan: Plan;
}

/** Plans what the command line names. The caller closes the provider. */
export async function planNetworks(
  source: string,
  flags: PlanFlags,
): Promise<{ readonly provider: GemmProvider; readonly networks: readonly PlannedNetwork[] }> {
  const named = readLayers(source);
  const algorithms = pickAlgorithms(allAlgorithms, flags, "--algorithm");
  const provider = await chooseProvider(flags.provider);
  const budget = flags.budget === undefined ? {} : { workspaceBytes: flags.budget };
  const networks = named.map(({ network, layers }) => ({
    network,
    plan: planLayers(layers, { algorithms, provider, budget, layout: flags.layout }),
  }));
  return { provider, networks };
}
