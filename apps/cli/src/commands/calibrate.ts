import { Command } from "commander";
import { calibrate } from "leanconv";
import { providerNames } from "../choose-provider.ts";
import type { ExitCode } from "../cli.ts";
import { type Io, palette } from "../io.ts";
import { openThreaded, parseThreads, type Threads, threadCount } from "../threads.ts";
import { withProgress } from "../with-progress.ts";
import { checkWritable, writeFile } from "../write-file.ts";

interface Flags {
  readonly provider: string;
  readonly threads: Threads;
  readonly thorough?: true;
  readonly output?: string;
}

/** `leanconv calibrate`: measures this machine and writes its profile, to stdout or to a file. */
export function calibrateCommand(io: Io, report: (code: ExitCode) => void): Command {
  return new Command("calibrate")
    .description("measure how fast this machine multiplies and moves, for `plan --profile`")
    .option("--provider <name>", `what multiplies: ${providerNames.join(", ")}`, "wasm")
    .option("--threads <number>", "threads of the provider, or auto: as many as there are cores", parseThreads, 1)
    .option("--thorough", "half a minute and a finer grid instead of two seconds")
    .option("-o, --output <file>", "where the profile goes (default: stdout)")
    .action(async ({ provider: name, threads: wanted, thorough, output }: Flags) => {
      if (output !== undefined) checkWritable("--output", output);
      const provider = await openThreaded(name, wanted);
      const threads = threadCount(provider, wanted);
      try {
        const profile = await withProgress(io, `calibrating ${provider.identity}`, (onProgress) =>
          calibrate(provider, { threads, thorough, onProgress }),
        );
        const text = `${JSON.stringify(profile)}\n`;
        if (output === undefined) io.out(text);
        else {
          writeFile("--output", output, text);
          const { machine, threads: team } = profile;
          const summary = `${provider.identity}, ${team.count} thread(s), on ${machine.cpu}, ${machine.runtime}`;
          io.out(`${palette(io).bold(output)}: ${summary}\n`);
        }
        report(0);
      } finally {
        provider.dispose();
      }
    });
}
