// `npm run bench -- <suite> [options]`. Results go to stdout; the machine, progress and complaints to stderr.

import { Command, Option } from "commander";
import { accuracies } from "leanconv";
import { algorithmsBench } from "./algorithms/algorithms.ts";
import { benchmarksPage } from "./algorithms/benchmarks-page.ts";
import { coldStartBench } from "./cold-start/cold-start.ts";
import { gemmBench } from "./gemm/gemm.ts";
import { networksBench } from "./networks/networks.ts";
import { layoutChoices } from "./networks/plan-network.ts";
import { count, networkList, size } from "./options.ts";
import { peerNames } from "./peers/names.ts";
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
  .option("--rounds <count>", "samples of each contender; medians are reported", count, 11)
  .action(networksBench);

suite("algorithms", "every variant of every algorithm on the layers of some networks", "wasm")
  .requiredOption("--networks <names>", "names with commas between them", networkList)
  .addOption(new Option("--layout <layout>", "of input and output").choices(["both", "nchw", "nhwc"]).default("both"))
  .option("--budget <size>", "leaves out what needs more workspace", size, 2 ** 29)
  .option("--only <text>", "only layers whose name has this text in it")
  .option("--rounds <count>", "samples of each variant; medians are reported", count, 7)
  .action(algorithmsBench);

suite("cold-start", "from nothing to the first output of a network's layers, in fresh processes", "wasm")
  .requiredOption("--networks <names>", "names with commas between them", networkList)
  .addOption(new Option("--layout <layout>", "of all images of a network").choices(layoutChoices).default("auto"))
  .option("--budget <size>", "workspace of every layer", size, 2 ** 20)
  .addOption(new Option("--against <peer>", "another library on the same layers").choices(peerNames))
  .option("--rounds <count>", "processes of each; medians are reported", count, 7)
  .action(coldStartBench);

program
  .command("page")
  .description("writes docs/benchmarks.md from what `algorithms --json` printed")
  .argument("<results>", "a file with one JSON object a line")
  .requiredOption("--machine <text>", "what the page says it was measured on")
  .action(benchmarksPage);

try {
  await program.parseAsync();
} catch (error) {
  program.error(`error: ${error instanceof Error ? error.message : error}`, { exitCode: 2 });
}
