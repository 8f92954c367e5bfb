import { allAlgorithms, type GemmProvider, type Plan, pickAlgorithms, planLayers } from "leanconv";
import { chosenModel } from "./chosen-model.ts";
import type { Io } from "./io.ts";
import type { PlanFlags } from "./plan-options.ts";
import { readLayers } from "./read-layers.ts";
import { openThreaded, threadCount } from "./threads.ts";

export interface PlannedNetwork {
  readonly network: string;
  readonly plan: Plan;
}

/** Plans what the command line names. The caller closes the provider; where planning fails it is closed here. */
export async function planNetworks(
  io: Io,
  source: string,
  flags: PlanFlags,
): Promise<{ readonly provider: GemmProvider; readonly networks: readonly PlannedNetwork[] }> {
  const named = readLayers(source);
  const algorithms = pickAlgorithms(allAlgorithms, flags, "--algorithm");
  const { layout, accuracy } = flags;
  const provider = await openThreaded(flags.provider, flags.threads);
  const threads = threadCount(provider, flags.threads);
  try {
    const budget = flags.budget === undefined ? {} : { workspaceBytes: flags.budget };
    const problems = named.flatMap(({ layers }) => layers.map(({ problem }) => problem));
    const model = await chosenModel(io, { input: problems, name: source, algorithms, provider, threads }, flags);
    const options = { algorithms, provider, budget, layout, threads, accuracy, ...(model && { model }) };
    return { provider, networks: named.map(({ network, layers }) => ({ network, plan: planLayers(layers, options) })) };
  } catch (error) {
    provider.dispose();
    throw error;
  }
}
