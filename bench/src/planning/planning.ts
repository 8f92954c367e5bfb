import { allAlgorithms, isConvError, type NetworkGraph, type NetworkPlan, networkGraph, planNetwork } from "leanconv";
import { benchClock } from "../harness/clock.ts";
import { announceMachine } from "../harness/machine.ts";
import { median } from "../harness/median.ts";
import { Report } from "../harness/report.ts";
import { type OpenOptions, openProvider } from "../providers.ts";
import { longGraph } from "./long-graph.ts";

interface Options extends OpenOptions {
  readonly provider: string;
  readonly networks: readonly string[];
  readonly rounds: number;
  readonly json: boolean;
}

interface Row {
  readonly network: string;
  readonly nodes: number;
  readonly budgetBytes: number | null;
  readonly totalBytes: number;
  /** Of planning. */
  readonly ms: number;
  readonly predictedMs: number;
  readonly optimal: boolean;
  /** How much faster than the plan anything that fits may be. */
  readonly gap: number;
  /** The arena above its lower bound. */
  readonly arenaGapBytes: number;
}

/** How long planning takes, and how good its plans are: without a limit, half-way down, and at the least that works. */
export async function planningBench({ networks, rounds, json, provider: name, ...opening }: Options): Promise<void> {
  announceMachine();
  const provider = await openProvider(name, opening);
  const report = new Report<Row>(
    [
      { name: "network", cell: ({ network }) => network, text: true },
      { name: "nodes", cell: ({ nodes }) => `${nodes}` },
      { name: "budget", cell: ({ budgetBytes }) => (budgetBytes === null ? "none" : `${budgetBytes}`) },
      { name: "total", cell: ({ totalBytes }) => `${totalBytes}` },
      { name: "planning ms", cell: ({ ms }) => ms.toFixed(0) },
      { name: "predicted ms", cell: ({ predictedMs }) => predictedMs.toFixed(2) },
      {
        name: "optimal",
        cell: ({ optimal, gap }) => (optimal ? "yes" : `within ${(100 * gap).toFixed(3)} %`),
        text: true,
      },
      { name: "arena gap", cell: ({ arenaGapBytes }) => `${arenaGapBytes}` },
    ],
    json,
  );
  const graphs: (readonly [string, NetworkGraph])[] = networks.map((network) => [network, networkGraph(network)]);
  for (const [network, graph] of [...graphs, ["1,000 layers", longGraph()] as const]) {
    const plan = (budgetBytes?: number): NetworkPlan =>
      planNetwork(graph, { algorithms: allAlgorithms, provider, budgetBytes, threads: opening.threads });
    const most = plan().memory.totalBytes;
    const least = smallest(plan);
    for (const budget of [undefined, Math.floor((least + most) / 2), least]) {
      const samples: number[] = [];
      let made = plan(budget);
      for (let round = 0; round < rounds; round++) {
        const start = benchClock();
        made = plan(budget);
        samples.push((benchClock() - start) * 1000);
      }
      const { memory, seconds, optimal, boundSeconds } = made;
      report.add({
        ...{ network, nodes: graph.nodes.length, budgetBytes: budget ?? null, totalBytes: memory.totalBytes },
        ...{ ms: median(samples), predictedMs: seconds * 1000, optimal, gap: 1 - boundSeconds / seconds },
        arenaGapBytes: memory.arenaBytes - memory.aliveBytes,
      });
    }
  }
  report.end();
  provider.dispose();
}

function smallest(plan: (budgetBytes: number) => NetworkPlan): number {
  try {
    plan(0);
  } catch (error) {
    if (isConvError(error) && error.code === "resource.over-budget") return error.details.smallestBytes as number;
    throw error;
  }
  return 0;
}
