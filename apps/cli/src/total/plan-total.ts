import {
  allAlgorithms,
  convError,
  type ImageLayout,
  type NetworkOptions,
  type NetworkPlan,
  paretoFront,
  pickAlgorithms,
  planNetwork,
} from "leanconv";
import { chosenModel } from "../chosen-model.ts";
import type { Io } from "../io.ts";
import type { PlanFlags } from "../plan-options.ts";
import { readNetworks } from "../read-network.ts";
import { openThreaded } from "../threads.ts";
import { checkWritable } from "../write-file.ts";
import { writePlan } from "../write-plan.ts";
import { showFront } from "./show-front.ts";
import { showPlan } from "./show-plan.ts";

export interface TotalFlags extends PlanFlags {
  readonly explain?: string | true;
  readonly pareto?: true;
  readonly output?: string;
  readonly svg?: string;
}

/** `leanconv plan --total`: a budget for everything, layouts and algorithms chosen together. */
export async function planTotal(
  io: Io,
  source: string,
  flags: TotalFlags,
  layout: ImageLayout | undefined,
): Promise<void> {
  const { threads, accuracy, output } = flags;
  if (flags.pareto && flags.explain !== undefined) {
    throw convError("argument.format", {
      where: "--explain",
      what: "a front has many plans",
      fix: "leave out --pareto, and give the --budget of the plan that is to be explained",
    });
  }
  if (output !== undefined) checkWritable("--output", output);
  const named = readNetworks(source);
  const provider = await openThreaded(flags.provider, threads);
  const plans: NetworkPlan[] = [];
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
        plans.push(front.points[0].plan);
        await showFront(io, network, front, flags);
      } else {
        const plan = planNetwork(graph, options);
        plans.push(plan);
        await showPlan(io, network, plan, flags);
      }
    }
  } finally {
    provider.dispose();
  }
  if (output !== undefined) writePlan(output, source, plans);
}
