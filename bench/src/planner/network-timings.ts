import { existsSync, readFileSync, writeFileSync } from "node:fs";
import {
  type Accuracy,
  type ConvProblem,
  candidateKey,
  type GemmProvider,
  type PlannedChoice,
  type Variant,
} from "leanconv";
import { progress } from "../harness/progress.ts";
import { benchLayers } from "../networks/bench-layers.ts";
import type { Layout } from "../networks/plan-network.ts";
import { layerCandidates } from "./layer-candidates.ts";
import { timeCandidates } from "./time-candidates.ts";

/** What one way to compute one problem took, a sample a round. */
export interface TimedCandidate {
  readonly algorithm: string;
  readonly variant: Variant;
  readonly layout: Layout;
  readonly workspaceBytes: number;
  readonly samples: readonly number[];
}

/** Of all candidates of a network's problems. Plain JSON, so that other profiles can be scored on the same times. */
export type NetworkTimings = Readonly<Record<string, readonly TimedCandidate[]>>;

export interface TimingsOptions {
  readonly threads: number;
  readonly accuracy: Accuracy;
  readonly rounds: number;
  /** Where times are kept: read where it is there, else written. */
  readonly timings?: string;
}

/** Times every candidate of every layer of a network in both layouts; layers of one problem are timed once. */
export async function timeNetwork(
  network: string,
  provider: GemmProvider,
  options: TimingsOptions,
): Promise<NetworkTimings> {
  const { timings: folder, threads, accuracy, rounds } = options;
  const name = [network, provider.identity, `node${process.versions.node}`, threads, accuracy, rounds].join("-");
  const file = folder && `${folder}/${name}.json`;
  if (file && existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const timed: Record<string, readonly TimedCandidate[]> = {};
  for (const { name, problem } of benchLayers(network)) {
    const key = problemKey(problem);
    if (key in timed) continue;
    const candidates = (["nchw", "nhwc"] as const).flatMap((layout) =>
      layerCandidates(problem, layout, provider, { threads, accuracy }),
    );
    const samples = await timeCandidates(candidates, provider, options);
    timed[key] = candidates.map(({ chosen: { algorithm, variant }, layout, workspaceBytes }, index) => ({
      ...{ algorithm, variant, layout, workspaceBytes, samples: samples[index] },
    }));
    progress(`${network} ${name}: ${candidates.length} candidates timed`);
  }
  if (file) writeFileSync(file, JSON.stringify(timed));
  return timed;
}

export function timingOf(timings: NetworkTimings, { problem, chosen }: PlannedChoice): TimedCandidate {
  const key = candidateKey(chosen);
  const found = timings[problemKey(problem)].find((one) => candidateKey(one) === key);
  if (found === undefined) throw new Error(`${key} was not timed`);
  return found;
}

export function problemKey(problem: ConvProblem): string {
  return JSON.stringify(problem);
}
