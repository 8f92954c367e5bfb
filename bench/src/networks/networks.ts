import type { KernelVariant } from "@leanconv/wasm-kernels";
import { formatBytes, type GemmProvider } from "leanconv";
import { announceMachine } from "../harness/machine.ts";
import { progress } from "../harness/progress.ts";
import { type Column, Report } from "../harness/report.ts";
import { round } from "../harness/round.ts";
import type { Peer } from "../peers/peer.ts";
import { openPeer } from "../peers/peers.ts";
import { openRemotePeer } from "../peers/remote-peer.ts";
import { openProvider } from "../providers.ts";
import { setsProcessFlag } from "../wasm-provider.ts";
import { benchLayers } from "./bench-layers.ts";
import { type ChainedRow, measureChained } from "./chained.ts";
import { type LayerRow, type MeasureOptions, measureLayer } from "./measure-layer.ts";
import { type Layout, type NetworkPlanOptions, planNetwork } from "./plan-network.ts";
import { measureSequence } from "./sequence.ts";

export interface NetworksOptions extends NetworkPlanOptions, MeasureOptions {
  readonly networks: readonly string[];
  readonly provider: string;
  readonly variant: KernelVariant;
  readonly against?: string;
  /** Whole networks instead of layers. */
  readonly chained: boolean;
  readonly json: boolean;
}

/** The last line of a network. */
export interface NetworkRow {
  readonly network: string;
  readonly layout: Layout;
  /** Sum of the layers' times, each measured on its own with warm caches. */
  readonly totalMs: number;
  /** All layers one after the other. */
  readonly sequenceMs: number;
  readonly peerTotalMs?: number;
  /** Of the sums: totalMs / peerTotalMs. */
  readonly ratio?: number;
  readonly maxWorkspaceBytes: number;
}

/** Measures networks layer by layer, beside a peer if one is named. */
export async function networksBench(options: NetworksOptions): Promise<void> {
  announceMachine();
  const provider = await openProvider(options.provider, options);
  const peer = await openAgainst(options);
  progress(`${provider.identity}${peer ? ` against ${peer.name} ${peer.version}` : ""}, ${options.threads} thread(s)`);
  const report = new Report<LayerRow | NetworkRow>(columns, options.json);
  try {
    if (options.chained) return await chainedBench(provider, peer, options);
    for (const network of options.networks) report.add(await measureNetwork(network, provider, peer, options, report));
  } finally {
    peer?.dispose();
    provider.dispose();
  }
  report.end();
}

async function chainedBench(provider: GemmProvider, peer: Peer | undefined, options: NetworksOptions): Promise<void> {
  if (peer === undefined) throw new Error("--chained compares; say with whom by --against");
  const report = new Report<ChainedRow>(chainedColumns, options.json);
  for (const network of options.networks) {
    report.add(await measureChained(network, benchLayers(network), provider, peer, options));
  }
  report.end();
}

/** The peer, in a process of its own where ours is changed by a flag of the engine. */
function openAgainst({ against, variant, threads, provider }: NetworksOptions): Promise<Peer | undefined> {
  if (against === undefined) return Promise.resolve(undefined);
  return provider === "wasm" && setsProcessFlag(variant)
    ? openRemotePeer(against, threads)
    : openPeer(against, threads);
}

async function measureNetwork(
  network: string,
  provider: GemmProvider,
  peer: Peer | undefined,
  options: NetworksOptions,
  report: Report<LayerRow | NetworkRow>,
): Promise<NetworkRow> {
  const { layout, plan } = planNetwork(benchLayers(network), provider, options);
  let totalMs = 0;
  let peerTotalMs = 0;
  for (const layer of plan.layers) {
    const row = await measureLayer(network, layout, layer, provider, peer, options);
    totalMs += row.ms;
    peerTotalMs += row.peerMs ?? 0;
    progress(`${network} ${row.layer}  ${row.ms} ms${row.ratio === undefined ? "" : `, ratio ${row.ratio}`}`);
    report.add(row);
  }
  const sequenceMs = 1000 * (await measureSequence(plan, provider, options.threads, options.rounds));
  return {
    ...{ network, layout, totalMs: round(totalMs, 3), sequenceMs: round(sequenceMs, 3) },
    ...(peer && { peerTotalMs: round(peerTotalMs, 3), ratio: round(totalMs / peerTotalMs, 4) }),
    maxWorkspaceBytes: plan.workspaceBytes,
  };
}

const columns: readonly Column<LayerRow | NetworkRow>[] = [
  { name: "network", cell: ({ network }) => network, text: true },
  { name: "layer", cell: (row) => ("layer" in row ? row.layer : "total"), text: true },
  { name: "algorithm", cell: (row) => ("layer" in row ? row.algorithm : ""), text: true },
  { name: "form", cell: (row) => ("layer" in row ? row.form : "in sequence"), text: true },
  { name: "layout", cell: ({ layout }) => layout, text: true },
  { name: "ms", cell: (row) => ("layer" in row ? row.ms.toFixed(3) : `${row.totalMs} (${row.sequenceMs})`) },
  { name: "peer ms", cell: (row) => ("layer" in row ? row.peerMs : row.peerTotalMs)?.toFixed(3) ?? "" },
  { name: "ratio", cell: ({ ratio }) => ratio?.toFixed(3) ?? "" },
  {
    name: "workspace",
    cell: (row) => formatBytes("layer" in row ? row.workspaceBytes : row.maxWorkspaceBytes),
  },
  { name: "max error", cell: (row) => ("layer" in row ? (row.maxError?.toExponential(1) ?? "") : "") },
];

const chainedColumns: readonly Column<ChainedRow>[] = [
  { name: "network", cell: ({ network }) => network, text: true },
  { name: "layers", cell: ({ chained }) => `${chained}` },
  { name: "layout", cell: ({ layout }) => layout, text: true },
  { name: "ms in sequence", cell: ({ sequenceMs }) => sequenceMs.toFixed(3) },
  { name: "peer ms with pools", cell: ({ peerMs }) => peerMs.toFixed(3) },
  { name: "ratio", cell: ({ ratio }) => ratio.toFixed(3) },
  { name: "workspace", cell: ({ maxWorkspaceBytes }) => formatBytes(maxWorkspaceBytes) },
];
