import { type Command, Option } from "commander";
import { type Accuracy, accuracies, type BudgetPreset, budgetPresets, convError, type ImageLayout } from "leanconv";
import { providerNames } from "./choose-provider.ts";
import { parseSize } from "./parse-size.ts";
import { parseThreads, type Threads } from "./threads.ts";

/** The options that `plan` and `run` share, as commander hands them over. */
export interface PlanFlags {
  readonly budget?: number;
  readonly provider: string;
  readonly layout: ImageLayout;
  readonly threads: Threads;
  readonly algorithm?: string;
  /** Files with machine profiles, of several numbers of threads. */
  readonly profile?: readonly string[];
  readonly measure?: true;
  readonly accuracy: Accuracy;
  readonly json?: true;
}

/** Adds them to a command. */
export function withPlanOptions(command: Command, network = "<network>"): Command {
  return command
    .argument(network, "a shipped network (see `leanconv networks`) or a JSON file of layers")
    .option(
      "--budget <size>",
      "most workspace of any layer, or with --total most of everything, for instance 256KiB (default: no limit)",
      (text) => parseBudget(text),
    )
    .option("--provider <name>", `what multiplies: ${providerNames.join(", ")}`, "wasm")
    .option(
      "--threads <number>",
      "threads of the provider, or auto: as many as there are cores, with --total as many of them as pay within the budget",
      parseThreads,
      1,
    )
    .option("--algorithm <name>", "only this algorithm")
    .option(
      "--profile <file>",
      "what `leanconv calibrate` measured (default: constants that are shipped); again for each number of threads",
      (file, files: readonly string[] = []) => [...files, file],
    )
    .option("--measure", "time every candidate of every layer instead of predicting")
    .addOption(
      new Option("--accuracy <demand>", "transforms that may be chosen: none, those as accurate as sums, or all")
        .choices(accuracies)
        .default("standard"),
    )
    .addOption(
      new Option("--layout <layout>", "order of the axes of images: nchw or nhwc")
        .default("nchw")
        .argParser(parseLayout),
    )
    .option("--json", "one JSON object a line on stdout, and nothing else");
}

/** A size, or the name of a preset. */
function parseBudget(text: string): number {
  return Object.hasOwn(budgetPresets, text) ? budgetPresets[text as BudgetPreset] : parseSize(text, "--budget");
}

function parseLayout(text: string): ImageLayout {
  if (text === "nchw" || text === "nhwc") return text;
  throw convError("argument.layout", {
    where: "--layout",
    what: "an unknown layout",
    got: text,
    wanted: "nchw or nhwc",
  });
}
