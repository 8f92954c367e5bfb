import { availableParallelism } from "node:os";
import { Command } from "commander";
import { isConvError, wasmFeatures } from "leanconv";
import { chooseProvider, providerNames } from "../choose-provider.ts";
import type { ExitCode } from "../cli.ts";
import { type Io, palette, writeJson } from "../io.ts";
import { wholeTable } from "../table.ts";
import { packageVersion } from "../version.ts";

interface ProviderReport {
  readonly provider: string;
  readonly identity: string;
  readonly tile: string;
  readonly threads: number;
  readonly memory: string;
  /** The message of the error where it cannot be opened. */
  readonly problem?: string;
}

/** `leanconv doctor`: what runs here, for bug reports. */
export function doctorCommand(io: Io, report: (code: ExitCode) => void): Command {
  return new Command("doctor")
    .description("print the runtime and the providers that can be opened here")
    .option("--json", "one JSON object a line")
    .action(async ({ json }: { json?: true }) => {
      const { version, platform, arch, versions } = process;
      const { simd, relaxedSimd } = wasmFeatures();
      const wasm = [...(simd ? ["SIMD"] : []), ...(relaxedSimd ? ["relaxed SIMD"] : [])].join(", ") || "without SIMD";
      const runtime = { leanconv: packageVersion(), node: version, v8: versions.v8, platform, arch, wasm };
      const providers = await Promise.all(providerNames.map(examine));
      if (json) {
        writeJson(io, { runtime: { ...runtime, cpus: availableParallelism() } });
        for (const one of providers) writeJson(io, one);
      } else {
        const lines = Object.entries({ ...runtime, cpus: availableParallelism() });
        io.out(`${lines.map(([name, value]) => `${name.padEnd(9)} ${value}`).join("\n")}\n\n`);
        const titles = ["provider", "identity", "tile", "threads", "memory"];
        const cells = providers.map((one) => [
          one.provider,
          one.problem ?? one.identity,
          one.tile,
          String(one.threads),
          one.memory,
        ]);
        io.out(
          wholeTable(
            titles.map((title) => ({ title })),
            cells,
            palette(io),
          ),
        );
      }
      report(0);
    });
}

async function examine(name: string): Promise<ProviderReport> {
  try {
    const provider = await chooseProvider(name);
    const { mr, nr, threads, memory } = provider.capabilities;
    const found = { provider: name, identity: provider.identity, tile: `${mr}x${nr}`, threads, memory };
    provider.dispose();
    return found;
  } catch (error) {
    if (!isConvError(error)) throw error;
    return { provider: name, identity: "", tile: "", threads: 0, memory: "", problem: error.message };
  }
}
