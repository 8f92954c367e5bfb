import {
  type ConvAlgorithm,
  type ConvProblem,
  type CostModel,
  checkProfile,
  convError,
  type GemmProvider,
  isConvError,
  measureCandidates,
  type NetworkGraph,
  parseProfile,
  profileCostModel,
} from "leanconv";
import type { Io } from "./io.ts";
import type { PlanFlags } from "./plan-options.ts";
import { readText } from "./read-layers.ts";
import { withProgress } from "./with-progress.ts";

/** What a cost model is for. */
export interface ModelPurpose {
  /** Problems that are planned one by one, in one layout, or a graph that is planned as a whole. */
  readonly input: readonly ConvProblem[] | NetworkGraph;
  /** Shown while it is measured. */
  readonly name: string;
  readonly algorithms: readonly ConvAlgorithm[];
  readonly provider: GemmProvider;
}

/**
 * The cost model that the command line asks for; undefined for the shipped constants.
 * @throws `argument.name`, `argument.format` and `argument.profile-mismatch` for the file, `argument.format` for both options at once
 */
export async function chosenModel(
  io: Io,
  { input, name, algorithms, provider }: ModelPurpose,
  { profile: file, measure, threads, accuracy, layout }: PlanFlags,
): Promise<CostModel | undefined> {
  if (measure && file !== undefined) {
    throw convError("argument.format", { where: "--measure", what: "what is measured needs no --profile", got: file });
  }
  if (measure) {
    const layouts = "nodes" in input ? undefined : [[layout, layout] as const];
    return withProgress(io, `measuring ${name}`, (onProgress) =>
      measureCandidates(input, { algorithms, provider, threads, accuracy, layouts, onProgress }),
    );
  }
  if (file === undefined) return undefined;
  const text = readText(file);
  try {
    const profile = parseProfile(text);
    checkProfile(profile, provider, threads);
    return profileCostModel(profile);
  } catch (cause) {
    if (!isConvError(cause)) throw cause;
    const what = cause.message.replace(/ \[[^\]]*\]$/, "");
    throw convError(cause.code, { where: `--profile ${file}`, what, details: cause.details, cause });
  }
}
