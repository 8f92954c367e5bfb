import {
  type ConvAlgorithm,
  type ConvProblem,
  type CostModel,
  checkProfile,
  convError,
  type GemmProvider,
  isConvError,
  measureCandidates,
  parseProfile,
  profileCostModel,
} from "leanconv";
import type { PlanFlags } from "./plan-options.ts";
import { readText } from "./read-layers.ts";

/**
 * The cost model that the command line asks for; undefined for the shipped constants.
 * @throws `argument.name`, `argument.format` and `argument.profile-mismatch` for the file, `argument.range` for both options at once
 */
export async function chosenModel(
  problems: readonly ConvProblem[],
  algorithms: readonly ConvAlgorithm[],
  provider: GemmProvider,
  { profile: file, measure, threads, accuracy, layout }: PlanFlags,
): Promise<CostModel | undefined> {
  if (measure && file !== undefined) {
    throw convError("argument.format", { where: "--measure", what: "what is measured needs no --profile", got: file });
  }
  if (measure)
    return measureCandidates(problems, { algorithms, provider, threads, accuracy, layouts: [[layout, layout]] });
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
