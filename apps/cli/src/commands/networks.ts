import { Command } from "commander";
import { network, networkNames } from "leanconv";
import type { ExitCode } from "../cli.ts";
import { type Io, palette, writeJson } from "../io.ts";
import { wholeTable } from "../table.ts";

/** `leanconv networks`: what `plan` and `run` know by name. */
export function networksCommand(io: Io, report: (code: ExitCode) => void): Command {
  return new Command("networks")
    .description("list the networks that ship with leanconv")
    .option("--json", "one JSON object a line")
    .action(({ json }: { json?: true }) => {
      const rows = networkNames.map(measures);
      if (json) for (const row of rows) writeJson(io, row);
      else {
        const cells = rows.map(({ network, layers, mmac, weights }) => [
          network,
          String(layers),
          mmac.toFixed(1),
          `${(weights / 1e6).toFixed(3)} M`,
        ]);
        const right = true;
        const numbers = ["layers", "MMAC", "weights"].map((title) => ({ title, right }));
        io.out(wholeTable([{ title: "network" }, ...numbers], cells, palette(io)));
      }
      report(0);
    });
}

/** Convolutions only, without their biases. */
function measures(name: string): { network: string; layers: number; mmac: number; weights: number } {
  const problems = network(name).map(({ problem }) => problem);
  return {
    network: name,
    layers: problems.length,
    mmac: problems.reduce((sum, p) => sum + p.macs, 0) / 1e6,
    weights: problems.reduce((sum, p) => sum + (p.oc * p.kh * p.kw * p.ic) / p.groups, 0),
  };
}
