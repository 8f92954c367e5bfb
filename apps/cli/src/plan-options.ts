import { type Command, Option } from "commander";
import { type Accuracy, accuracies, convError, type ImageLayout } from "leanconv";
import { providerNames } from "./choose-provider.ts";
import { parseSize } from "./parse-size.ts";
import { parseThreads } from "./threads.ts";

/** The options that `plan` and `run` share, as commander hands them over. */
export interface PlanFlags {
  readonly budget?: number;
  readonly provider: string;
  readonly layout: ImageLayout;
  readonly threads: number;
  readonly algorithm?: string;
  readonly accuracy: Accuracy;
  readonly json?: true;
}

/** Adds them to a command. */
export function withPlanOptions(command: Command): Command {
  return command
    .argument("<network>", "a shipped network (see `leanconv networks`) or a JSON file of layers")
    .option("--budget <size>", "most workspace of any layer, for instance 256KiB (default: no limit)", (text) =>
      parseSize(text, "--budget"),
    )
    .option("--provider <name>", `what multiplies: ${providerNames.join(", ")}`, "wasm")
    .option("--threads <number>", "threads of the provider", parseThreads, 1)
    .option("--algorithm <name>", "only this algorithm")
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

function parseLayout(text: string): ImageLayout {
  if (text === "nchw" || text === "nhwc") return text;
  throw convError("argument.layout", {
    where: "--layout",
    what: "an unknown layout",
    got: text,
    wanted: "nchw or nhwc",
  });
}
