// `npm run bench -- <suite> [options]`. Results go to stdout, the machine and complaints to stderr.

import { Command, InvalidArgumentError, Option } from "commander";
import { gemmBench } from "./gemm.ts";
import { benchProviders } from "./providers.ts";

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("a whole number of at least 1");
  return value;
};

const program = new Command("bench").description("Measures LeanConv on this machine.");

program
  .command("gemm")
  .description("matrix products of a provider, as a fraction of its inner loop and against a naive loop")
  .addOption(new Option("--provider <name>", "which provider").choices(Object.keys(benchProviders)).default("js"))
  .option("--threads <count>", "threads", count, 1)
  .option("--rounds <count>", "samples of each contender; medians are reported", count, 15)
  .option("--only <text>", "only shapes whose name has this text in it")
  .option("--json", "one JSON object a shape instead of a table", false)
  .action(async (options) => {
    process.exitCode = await gemmBench(options);
  });

try {
  await program.parseAsync();
} catch (error) {
  program.error(`error: ${error instanceof Error ? error.message : error}`, { exitCode: 2 });
}
