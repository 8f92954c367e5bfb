import type { GemmProvider, OpenLayer } from "leanconv";
import { leastSampleSeconds } from "../harness/clock.ts";
import { steadyContender } from "../harness/contender.ts";
import { interleaveSamples } from "../harness/interleave.ts";
import { layerValues } from "../layer-values.ts";
import { openWithValues } from "../networks/open-layer.ts";
import type { LayerCandidate } from "./layer-candidates.ts";

/** Seconds of every candidate in every round, all of them in turns. The candidates are of one problem. */
export async function timeCandidates(
  candidates: readonly LayerCandidate[],
  provider: GemmProvider,
  { threads, rounds }: { readonly threads: number; readonly rounds: number },
): Promise<readonly (readonly number[])[]> {
  if (candidates.length === 0) return [];
  const values = layerValues(candidates[0].problem);
  const opened: OpenLayer[] = [];
  try {
    for (const candidate of candidates) opened.push(await openWithValues(candidate, values, provider, threads));
    // The processor's own clock needs long stretches, and does not count other processes anyway.
    const stretches = leastSampleSeconds > 0 ? 1 : 4;
    const contenders = opened.map(({ run }, i) => steadyContender(candidates[i].chosen.algorithm, run, stretches));
    const pauseSeconds = threads > 1 ? 0.005 : 0;
    return await interleaveSamples(contenders, { rounds, sampleSeconds: 0.006, warmSeconds: 0.02, pauseSeconds });
  } finally {
    for (const layer of opened) layer.dispose();
  }
}
