import type { GemmProvider, Layer } from "leanconv";
import { contender } from "../harness/contender.ts";
import { interleave, settling } from "../harness/interleave.ts";
import { round } from "../harness/round.ts";
import type { Peer } from "../peers/peer.ts";
import type { MeasureOptions } from "./measure-layer.ts";
import { type Layout, type NetworkPlanOptions, planNetwork } from "./plan-network.ts";
import { openSequence, type Sequence } from "./sequence.ts";

/** A network in one go, beside the peer's model of the same convolutions with max pools between them. */
export interface ChainedRow {
  readonly network: string;
  readonly layout: Layout;
  /** Convolutions on the path. */
  readonly chained: number;
  /** Ours, one after the other, without the pools. */
  readonly sequenceMs: number;
  readonly peer: string;
  /** Its model, with the pools. */
  readonly peerMs: number;
  readonly ratio: number;
  readonly maxWorkspaceBytes: number;
}

/** A path has to have this share of a network's layers to stand for it. */
const leastShare = 0.9;

/** The layers of which each takes what the one before gives, or a pooled image of it; residual branches are left out. */
export function mainPath(name: string, layers: readonly Layer[]): readonly Layer[] {
  const path: Layer[] = [];
  for (const layer of layers) {
    const last = path.at(-1)?.problem;
    const { ic, ih, iw } = layer.problem;
    const follows = last === undefined || (ic === last.oc && ih <= last.oh && iw <= last.ow);
    if (follows) path.push(layer);
  }
  if (path.length >= leastShare * layers.length) return path;
  throw new Error(`${name} is no chain: ${path.length} of its ${layers.length} layers follow each other`);
}

/** Measures a network as one model of the peer's against ours in sequence, in turns. */
export async function measureChained(
  network: string,
  layers: readonly Layer[],
  provider: GemmProvider,
  peer: Peer,
  options: NetworkPlanOptions & MeasureOptions,
): Promise<ChainedRow> {
  const { openChain } = peer;
  if (openChain === undefined) throw new Error(`${peer.name} takes single layers only`);
  const path = mainPath(network, layers);
  const { layout, plan } = planNetwork(path, provider, options);
  const ours = await openSequence(plan, provider, options.threads);
  try {
    return {
      ...(await compareChains(ours, path, { ...peer, openChain }, options)),
      network,
      layout,
      maxWorkspaceBytes: plan.workspaceBytes,
    };
  } finally {
    ours[Symbol.dispose]();
  }
}

async function compareChains(
  ours: Sequence,
  path: readonly Layer[],
  peer: Peer & Required<Pick<Peer, "openChain">>,
  { threads, rounds }: Pick<MeasureOptions, "threads" | "rounds">,
): Promise<Omit<ChainedRow, "network" | "layout" | "maxWorkspaceBytes">> {
  const chain = path.map(({ problem }, index) => ({ problem, values: ours.values[index] }));
  const theirs = await peer.openChain(chain, ours.input);
  try {
    const contenders = [contender("leanconv", () => ours.run()), theirs.contender];
    const [seconds, peerSeconds] = await interleave(contenders, { rounds, ...settling(threads) });
    return {
      ...{ chained: path.length, sequenceMs: round(1000 * seconds, 3), peer: peer.name },
      ...{ peerMs: round(1000 * peerSeconds, 3), ratio: round(seconds / peerSeconds, 4) },
    };
  } finally {
    await theirs.dispose();
  }
}
