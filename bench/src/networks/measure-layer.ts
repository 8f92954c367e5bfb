import { formatVariant, type GemmProvider, type LayerPlan } from "leanconv";
import { contender } from "../harness/contender.ts";
import { interleave, settling } from "../harness/interleave.ts";
import { round } from "../harness/round.ts";
import { layerValues } from "../layer-values.ts";
import type { Peer } from "../peers/peer.ts";
import { allowedError } from "./allowed-error.ts";
import { maxError } from "./max-error.ts";
import { openWithValues, outputValues } from "./open-layer.ts";
import type { Layout } from "./plan-network.ts";

/** One layer as it was planned and measured, beside the peer where there is one. */
export interface LayerRow {
  readonly network: string;
  readonly layer: string;
  readonly algorithm: string;
  /** The form with its parameters. */
  readonly form: string;
  readonly layout: Layout;
  readonly ms: number;
  readonly peer?: string;
  readonly peerMs?: number;
  /** ms / peerMs */
  readonly ratio?: number;
  readonly workspaceBytes: number;
  /** The largest difference between our output and the peer's. */
  readonly maxError?: number;
}

export interface MeasureOptions {
  readonly threads: number;
  readonly rounds: number;
}

/** Measures one layer and, on the same values and in turns, the peer's. @throws where their outputs differ */
export async function measureLayer(
  network: string,
  layout: Layout,
  layer: LayerPlan,
  provider: GemmProvider,
  peer: Peer | undefined,
  { threads, rounds }: MeasureOptions,
): Promise<LayerRow> {
  const { name, problem, chosen } = layer;
  const values = layerValues(problem);
  const ours = await openWithValues(layer, values, provider, threads);
  const theirs = await peer?.open(problem, values);
  try {
    ours.run();
    const error = theirs && maxError(outputValues(ours), await theirs.output());
    if (error !== undefined && !(error <= allowedError(chosen.algorithm))) {
      throw new Error(`${network} ${name}: ${chosen.algorithm} and ${peer?.name} differ by ${error}`);
    }
    const contenders = [contender("leanconv", ours.run), ...(theirs ? [theirs.contender] : [])];
    const [seconds, peerSeconds] = await interleave(contenders, { rounds, ...settling(threads) });
    return {
      ...{ network, layer: name, algorithm: chosen.algorithm, form: formatVariant(chosen.variant), layout },
      ms: round(1000 * seconds, 4),
      ...(peer && { peer: peer.name, peerMs: round(1000 * peerSeconds, 4), ratio: round(seconds / peerSeconds, 4) }),
      workspaceBytes: chosen.workspaceBytes,
      ...(error !== undefined && { maxError: error }),
    };
  } finally {
    await theirs?.dispose();
    ours.dispose();
  }
}
