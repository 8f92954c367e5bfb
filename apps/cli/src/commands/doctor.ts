import { availableParallelism } from "node:os";
import { Command } from "commander";
import { isConvError, wasmFeatures } from "leanconv";
import { chooseProvider, ownNames } from "../choose-provider.ts";
import type { ExitCode } from "../cli.ts";
import { type Io, palette, writeJson } from "../io.ts";
import { librarySection, nativeLibraries } from "../native-libraries.ts";
import { wholeTable } from "../table.ts";
import { parseThreads, type Threads, threadStatus, wantedThreads } from "../threads.ts";
import { packageVersion } from "../version.ts";

interface ProviderReport {
  readonly provider: string;
  readonly identity: string;
  readonly tile: string;
  readonly threads: number;
  /** The same in words, with the reason where they are fewer than asked for. */
  readonly threading: string;
  readonly memory: string;
  /** The message of the error where it cannot be opened. */
  readonly problem?: string;
}

/** `leanconv doctor`: what runs here, for bug reports. */
export function doctorCommand(io: Io, report: (code: ExitCode) => void): Command {
  return new Command("doctor")
    .description("print the runtime and the providers that can be opened here")
    .option("--threads <number>", "threads to try to start, or auto: as many as there are cores", parseThreads, 1)
    .option("--json", "one JSON object a line")
    .action(async ({ json, threads }: { json?: true; threads: Threads }) => {
      const wanted = wantedThreads(threads);
      const { version, platform, arch, versions } = process;
      const { simd, relaxedSimd } = wasmFeatures();
      const wasm = [...(simd ? ["SIMD"] : []), ...(relaxedSimd ? ["relaxed SIMD"] : [])].join(", ") || "without SIMD";
      const runtime = { leanconv: packageVersion(), node: version, v8: versions.v8, platform, arch, wasm };
      const providers = await Promise.all(ownNames.map((name) => examine(name, wanted)));
      const libraries = await nativeLibraries();
      if (json) {
        writeJson(io, { runtime: { ...runtime, cpus: availableParallelism() } });
        for (const one of providers) writeJson(io, one);
        for (const library of libraries) writeJson(io, { library });
      } else {
        const lines = Object.entries({ ...runtime, cpus: availableParallelism() });
        io.out(`${lines.map(([name, value]) => `${name.padEnd(9)} ${value}`).join("\n")}\n\n`);
        const titles = ["provider", "identity", "tile", "threads", "memory"];
        const cells = providers.map((one) => [
          one.provider,
          one.problem ?? one.identity,
          one.tile,
          one.threading,
          one.memory,
        ]);
        io.out(
          wholeTable(
            titles.map((title) => ({ title })),
            cells,
            palette(io),
          ),
        );
        io.out(librarySection(libraries, palette(io)));
      }
      report(0);
    });
}

async function examine(name: string, wanted: number): Promise<ProviderReport> {
  try {
    const provider = await chooseProvider(name, wanted);
    const { mr, nr, threads, memory } = provider.capabilities;
    const threading = threadStatus(provider.capabilities);
    const { identity } = provider;
    provider.dispose();
    return { provider: name, identity, tile: `${mr}x${nr}`, threads, threading, memory };
  } catch (error) {
    if (!isConvError(error)) throw error;
    return { provider: name, identity: "", tile: "", threads: 0, threading: "", memory: "", problem: error.message };
  }
}
