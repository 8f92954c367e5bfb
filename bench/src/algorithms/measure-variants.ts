import { formatVariant, type GemmProvider, type Layer, type OpenLayer } from "leanconv";
import { contender } from "../harness/contender.ts";
import { interleave } from "../harness/interleave.ts";
import { round } from "../harness/round.ts";
import { layerValues } from "../layer-values.ts";
import { allowedError } from "../networks/allowed-error.ts";
import { maxError } from "../networks/max-error.ts";
import { openWithValues, outputValues } from "../networks/open-layer.ts";
import type { Layout } from "../networks/plan-network.ts";
import { layerCandidates } from "../planner/layer-candidates.ts";
import type { PeakProbe } from "../providers.ts";

/** One way to compute one layer. */
export interface AlgorithmRow {
  readonly network: string;
  readonly layer: string;
  readonly algorithm: string;
  /** The form with its parameters. */
  readonly form: string;
  readonly layout: Layout;
  readonly ms: number;
  readonly workspaceBytes: number;
  /** Of the speed of the provider's inner loop in the same rounds, where it was measured. */
  readonly fraction?: number;
}

export interface VariantOptions {
  readonly threads: number;
  readonly rounds: number;
  readonly budget: number;
}

/** Measures all ways to compute a layer in turns. @throws where two of them compute different outputs */
export async function measureVariants(
  network: string,
  { name, problem }: Layer,
  layout: Layout,
  provider: GemmProvider,
  { threads, rounds, budget }: VariantOptions,
  probes: readonly PeakProbe[] = [],
): Promise<readonly AlgorithmRow[]> {
  const values = layerValues(problem);
  const candidates = layerCandidates(problem, layout, provider, { threads, accuracy: "fast", workspaceBytes: budget });
  const opened: OpenLayer[] = [];
  try {
    let wanted: Float32Array | undefined;
    for (const candidate of candidates) {
      const layer = await openWithValues(candidate, values, provider, threads);
      opened.push(layer);
      layer.run();
      const output = outputValues(layer);
      wanted ??= output;
      const error = maxError(output, wanted);
      const { algorithm, variant } = candidate.chosen;
      if (error <= allowedError(algorithm)) continue;
      throw new Error(`${network} ${name} ${layout}: ${algorithm} ${formatVariant(variant)} is wrong by ${error}`);
    }
    const ours = opened.map(({ run }, i) => contender(candidates[i].chosen.algorithm, run));
    const contenders = [...ours, ...probes.map((probe) => probe.contender)];
    const seconds = await interleave(contenders, { rounds, sampleSeconds: 0.02, warmSeconds: 0.05 });
    const perOperation = Math.min(...probes.map(({ operations }, i) => seconds[ours.length + i] / operations));
    return candidates.map(({ chosen: { algorithm, variant }, workspaceBytes }, i) => ({
      ...{ network, layer: name, algorithm, form: formatVariant(variant), layout },
      ...{ ms: round(1000 * seconds[i], 4), workspaceBytes },
      ...(probes.length > 0 && { fraction: round((2 * problem.macs * perOperation) / (threads * seconds[i]), 4) }),
    }));
  } finally {
    for (const layer of opened) layer.dispose();
  }
}
