// `npm run bench -- <suite> [options]`. Results go to stdout; the machine, progress and complaints to stderr.

import { Command, Option } from "commander";
import { accuracies } from "leanconv";
import { algorithmsBench } from "./algorithms/algorithms.ts";
import { benchmarksPage } from "./algorithms/benchmarks-page.ts";
import { coldStartBench } from "./cold-start/cold-start.ts";
import { gemmBench } from "./gemm/gemm.ts";
import { networksBench } from "./networks/networks.ts";
import { layoutChoices } from "./networks/plan-network.ts";
import { count, networkList, oddAndEvenRounds, size, sizeList } from "./options.ts";
import { peerNames } from "./peers/names.ts";
import { plannerBench } from "./planner/planner.ts";
import { regretPage } from "./planner/regret-page.ts";
import { writeProfile } from "./planner/write-profile.ts";
import { planningBench } from "./planning/planning.ts";
import { benchProviders } from "./providers.ts";
import { wasmVariants } from "./wasm-provider.ts";

const program = new Command("bench").description("Measures LeanConv on this machine.");

/** A suite with the options that all of them have. */
function suite(name: string, description: string, provider: string): Command {
  return program
    .command(name)
    .description(description)
    .addOption(new Option("--provider <name>", "which provider").choices(Object.keys(benchProviders)).default(provider))
    .addOption(new Option("--variant <name>", "kernels of the wasm provider").choices(wasmVariants).default("relaxed"))
    .option("--threads <count>", "threads", count, 1)
    .option("--json", "one JSON object a line instead of a table", false);
}

suite("gemm", "matrix products of a provider, as a fraction of its inner loop", "js")
  .option("--rounds <count>", "samples of each contender; medians are reported", count, 15)
  .option("--only <text>", "only shapes whose name has this text in it")
  .action(async (options) => {
    process.exitCode = await gemmBench(options);
  });

suite("networks", "every layer of some networks as the planner chooses it, beside a peer", "wasm")
  .requiredOption("--networks <names>", "names with commas between them", networkList)
  .addOption(new Option("--layout <layout>", "of all images of a network").choices(layoutChoices).default("auto"))
  .option("--budget <size>", "workspace of every layer", size, 2 ** 20)
  .addOption(new Option("--accuracy <demand>", "transforms that may be chosen").choices(accuracies).default("standard"))
  .addOption(new Option("--against <peer>", "another library on the same data").choices(peerNames))
  .option("--chained", "the whole path as one model of the peer's, against ours in sequence", false)
  .option("--rounds <count>", "samples of each contender; medians are reported", count, 11)
  .action(networksBench);

suite("algorithms", "every variant of every algorithm on the layers of some networks", "wasm")
  .requiredOption("--networks <names>", "names with commas between them", networkList)
  .addOption(new Option("--layout <layout>", "of input and output").choices(["both", "nchw", "nhwc"]).default("both"))
  .option("--budget <size>", "leaves out what needs more workspace", size, 2 ** 29)
  .option("--only <text>", "only layers whose name has this text in it")
  .option("--rounds <count>", "samples of each variant; medians are reported", count, 7)
  .action(algorithmsBench);

suite("planner", "what the planner chooses, beside the best that timing every candidate finds", "wasm")
  .requiredOption("--networks <names>", "names with commas between them", networkList)
  .option("--budgets <sizes>", "workspace of every layer, with commas between them", sizeList, sizeList("1MiB"))
  .addOption(new Option("--accuracy <demand>", "transforms that may be chosen").choices(accuracies).default("standard"))
  .option("--profile <file>", "a machine profile; default: calibrates first")
  .option("--uncalibrated", "the shipped constants instead", false)
  .option("--timings <folder>", "keeps what candidates took there, and reads it where it is kept")
  .option("--rounds <count>", "samples of each candidate; the odd ones pick, the even ones score", oddAndEvenRounds, 6)
  .action(plannerBench);

suite("profile", "writes the constants that the planner ships for a provider", "wasm")
  .option("--seconds <count>", "about how long it takes", count, 60)
  .action(writeProfile);

suite("cold-start", "from nothing to the first output of a network's layers, in fresh processes", "wasm")
  .requiredOption("--networks <names>", "names with commas between them", networkList)
  .addOption(new Option("--layout <layout>", "of all images of a network").choices(layoutChoices).default("auto"))
  .option("--budget <size>", "workspace of every layer", size, 2 ** 20)
  .addOption(new Option("--against <peer>", "another library on the same layers").choices(peerNames))
  .option("--rounds <count>", "processes of each; medians are reported", count, 7)
  .action(coldStartBench);

suite("planning", "how long planning whole networks takes, and how far plans are from the optimum", "wasm")
  .option("--networks <names>", "names with commas between them", networkList, ["squeezenet1_1", "resnet50"])
  .option("--rounds <count>", "samples of each plan; medians are reported", count, 3)
  .action(planningBench);

program
  .command("page")
  .description("writes docs/benchmarks.md from what `algorithms --json` printed")
  .argument("<results>", "a file with one JSON object a line")
  .requiredOption("--machine <text>", "what the page says it was measured on")
  .action(benchmarksPage);

program
  .command("page-regret")
  .description("writes docs/regret.md from what `planner --json` printed, in one run or in several")
  .argument("<results...>", "files with one JSON object a line")
  .requiredOption("--machine <text>", "what the page says it was measured on")
  .action(regretPage);

try {
  await program.parseAsync();
} catch (error) {
  program.error(`error: ${error instanceof Error ? error.message : error}`, { exitCode: 2 });
}
