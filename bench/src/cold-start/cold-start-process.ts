// One cold start in a process of its own: `cold-start.ts` starts this file and reads one JSON object. Libraries are
// imported within the time that is measured, ours and the peer's.

import type { KernelVariant } from "@leanconv/wasm-kernels";
import type { OpenLayer } from "leanconv";
import type { LayerValues } from "../layer-values.ts";
import type { NetworkPlanOptions } from "../networks/plan-network.ts";
import type { PeerLayer } from "../peers/peer.ts";

export interface ColdStartTask extends NetworkPlanOptions {
  readonly network: string;
  readonly provider: string;
  readonly variant: KernelVariant;
  /** The peer to start instead of us. */
  readonly peer?: string;
}

export interface ColdStart {
  /** Importing the library and opening the provider, or the peer's backend. */
  readonly openMs: number;
  /** Peers have no such step. */
  readonly planMs: number;
  /** Memory, packed weights and bindings of all layers; a peer's sessions or tensors. */
  readonly prepareMs: number;
  /** Every layer once. */
  readonly firstRunMs: number;
}

/** Weights and images exist before; a network that is loaded has them too. */
async function valuesOf(network: string): Promise<readonly LayerValues[]> {
  const { benchLayers } = await import("../networks/bench-layers.ts");
  const { layerValues } = await import("../layer-values.ts");
  return benchLayers(network).map(({ problem }) => layerValues(problem));
}

async function startUs(task: ColdStartTask): Promise<ColdStart> {
  const begin = performance.now();
  const { openProvider } = await import("../providers.ts");
  const provider = await openProvider(task.provider, task);
  const open = performance.now();
  const { benchLayers } = await import("../networks/bench-layers.ts");
  const { planNetwork } = await import("../networks/plan-network.ts");
  const { plan } = planNetwork(benchLayers(task.network), provider, task);
  const planned = performance.now();
  const values = await valuesOf(task.network);
  const { openWithValues } = await import("../networks/open-layer.ts");
  const valued = performance.now();
  const layers: OpenLayer[] = [];
  for (const [i, layer] of plan.layers.entries()) {
    layers.push(await openWithValues(layer, values[i], provider, task.threads));
  }
  const prepared = performance.now();
  for (const layer of layers) layer.run();
  const firstRunMs = performance.now() - prepared;
  provider.dispose();
  return { openMs: open - begin, planMs: planned - open, prepareMs: prepared - valued, firstRunMs };
}

async function startPeer(name: string, { network, threads }: ColdStartTask): Promise<ColdStart> {
  const values = await valuesOf(network);
  const { benchLayers } = await import("../networks/bench-layers.ts");
  const { openPeer } = await import("../peers/peers.ts");
  const begin = performance.now();
  const peer = await openPeer(name, threads);
  const open = performance.now();
  const layers: PeerLayer[] = [];
  for (const [i, { problem }] of benchLayers(network).entries()) layers.push(await peer.open(problem, values[i]));
  const prepared = performance.now();
  for (const layer of layers) await layer.output();
  return { openMs: open - begin, planMs: 0, prepareMs: prepared - open, firstRunMs: performance.now() - prepared };
}

const task: ColdStartTask = JSON.parse(process.argv[2]);
const start = await (task.peer === undefined ? startUs(task) : startPeer(task.peer, task));
process.stdout.write(JSON.stringify(start));
// Workers of a peer would keep the process alive.
process.exit();
