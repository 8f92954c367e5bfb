import {
  allAlgorithms,
  convError,
  type ImageLayout,
  type NetworkOptions,
  paretoFront,
  pickAlgorithms,
  planNetwork,
} from "leanconv";
import { chosenModel } from "../chosen-model.ts";
import type { Io } from "../io.ts";
import { checkPlanFile, writePlanFile } from "../plan-file.ts";
import { readNetworks } from "../read-network.ts";
import { openThreaded } from "../threads.ts";
import { makeFolder } from "../write-file.ts";
import { showFront } from "./show-front.ts";
import { showPlan } from "./show-plan.ts";
import type { TotalFlags } from "./total-flags.ts";

/** `leanconv plan --total`: a budget for everything, layouts and algorithms chosen together. */
export async function planTotal(
  io: Io,
  source: string,
  flags: TotalFlags,
  layout: ImageLayout | undefined,
): Promise<void> {
  const { threads, accuracy, output, svg } = flags;
  if (flags.pareto && flags.explain !== undefined) {
    throw convError("argument.format", {
      where: "--explain",
      what: "a front has many plans",
      fix: "leave out --pareto, and give the --budget of the plan that is to be explained",
    });
  }
  const named = readNetworks(source);
  if (output !== undefined) checkPlanFile(output, source, named.length);
  if (svg !== undefined) makeFolder("--svg", svg);
  const provider = await openThreaded(flags.provider, threads);
  try {
    const algorithms = pickAlgorithms(allAlgorithms, flags, "--algorithm");
    for (const { network, graph } of named) {
      const model = await chosenModel(io, { input: graph, name: network, algorithms, provider, threads }, flags);
      const options: NetworkOptions = {
        ...{ algorithms, provider, threads, accuracy, budgetBytes: flags.budget },
        ...{ model, inputLayout: layout, outputLayout: layout },
      };
      if (flags.pareto) {
        const front = paretoFront(graph, options);
        if (output !== undefined) writePlanFile(output, front.points[0].plan);
        await showFront(io, network, front, flags);
      } else {
        const plan = planNetwork(graph, options);
        if (output !== undefined) writePlanFile(output, plan);
        await showPlan(io, network, plan, flags);
      }
    }
  } finally {
    provider.dispose();
  }
}
