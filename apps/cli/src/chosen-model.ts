import {
  type ConvAlgorithm,
  type ConvProblem,
  type CostModel,
  checkProfile,
  convError,
  errorWithin,
  type GemmProvider,
  type MachineProfile,
  measureCandidates,
  type NetworkGraph,
  parseProfile,
  profileCostModel,
} from "leanconv";
import type { Io } from "./io.ts";
import type { PlanFlags } from "./plan-options.ts";
import { readText } from "./read-layers.ts";
import type { Threads } from "./threads.ts";
import { withProgress } from "./with-progress.ts";

/** What a cost model is for. */
export interface ModelPurpose {
  /** Problems that are planned one by one, in one layout, or a graph that is planned as a whole. */
  readonly input: readonly ConvProblem[] | NetworkGraph;
  /** Shown while it is measured. */
  readonly name: string;
  readonly algorithms: readonly ConvAlgorithm[];
  readonly provider: GemmProvider;
  /** "auto" where the plan chooses how many. */
  readonly threads: Threads;
}

/**
 * The cost model that the command line asks for; undefined for the shipped constants.
 * @throws `argument.name`, `argument.format` and `argument.profile-mismatch` for the files, `argument.format` for options that
 * do not go together
 */
export async function chosenModel(
  io: Io,
  { input, name, algorithms, provider, threads }: ModelPurpose,
  { profile: files, measure, accuracy, layout }: PlanFlags,
): Promise<CostModel | undefined> {
  if (measure && files !== undefined) {
    throw convError("argument.format", { where: "--measure", what: "what is measured needs no --profile", got: files });
  }
  if (measure) {
    if (threads === "auto") {
      const what = "what is measured is measured with one number of threads";
      throw convError("argument.format", { where: "--measure", what, got: "--threads auto", wanted: "a number" });
    }
    const layouts = "nodes" in input ? undefined : [[layout, layout] as const];
    return withProgress(io, `measuring ${name}`, (onProgress) =>
      measureCandidates(input, { algorithms, provider, threads, accuracy, layouts, onProgress }),
    );
  }
  if (files === undefined) return undefined;
  const profiles = files.map((file) => readProfile(file, provider, files.length > 1 ? "auto" : threads));
  try {
    return profileCostModel(profiles);
  } catch (cause) {
    throw errorWithin(`--profile ${files.join(", ")}`, cause);
  }
}

/** Of several files each counts for its own number of threads, and so does one where the plan chooses how many. */
function readProfile(file: string, provider: GemmProvider, threads: Threads): MachineProfile {
  const text = readText(file);
  try {
    const profile = parseProfile(text);
    checkProfile(profile, provider, threads === "auto" ? profile.threads.count : threads);
    return profile;
  } catch (cause) {
    throw errorWithin(`--profile ${file}`, cause);
  }
}
