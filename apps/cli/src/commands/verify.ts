import { Command } from "commander";
import { allAlgorithms, type ConvAlgorithm, convError, type GemmProvider } from "leanconv";
import ora from "ora";
import { chooseProvider, providerNames } from "../choose-provider.ts";
import type { ExitCode } from "../cli.ts";
import { type Io, palette, writeJson } from "../io.ts";
import { parseCaseFile } from "../numeric-case.ts";
import { readText } from "../read-layers.ts";
import { wholeTable } from "../table.ts";
import { type VerifyRow, verifyCase } from "../verify-case.ts";

interface Flags {
  readonly provider: string;
  readonly algorithm: string;
  readonly json?: true;
}

/** `leanconv verify`: computes numeric cases by every form of the algorithms and compares with what is expected. */
export function verifyCommand(io: Io, report: (code: ExitCode) => void): Command {
  return new Command("verify")
    .description("compute numeric cases by every form of every algorithm and compare with the expected outputs")
    .argument("<cases.json...>", "files of numeric cases")
    .option("--provider <name>", `what multiplies: ${providerNames.join(", ")}`, "wasm")
    .option("--algorithm <name>", `one of ${allAlgorithms.map(({ name }) => name).join(", ")}, direct, or all`, "all")
    .option("--json", "one JSON object a line on stdout, and nothing else")
    .action(async (files: readonly string[], flags: Flags) => {
      const picked = pick(flags.algorithm);
      const suites = files.map((file) => ({ file, suite: parseCaseFile(readText(file), file) }));
      const provider = await chooseProvider(flags.provider);
      const spinner = io.progress ? ora({ discardStdin: false }).start() : undefined;
      const rows: VerifyRow[] = [];
      try {
        for (const { file, suite } of suites) {
          for (const one of suite.cases) {
            if (spinner) spinner.text = `${file}: ${one.name}`;
            const found = await verifyCase(one, { file, suite, provider, ...picked });
            rows.push(...found);
            if (flags.json) for (const row of found) writeJson(io, row);
          }
        }
      } finally {
        spinner?.stop();
        provider.dispose();
      }
      const summary = { ok: count(rows, "ok"), fail: count(rows, "fail"), refused: count(rows, "refused") };
      if (flags.json) writeJson(io, { summary });
      else io.out(overview(io, rows, provider, suites.length));
      report(summary.fail === 0 ? 0 : 1);
    });
}

function pick(name: string): { readonly algorithms: readonly ConvAlgorithm[]; readonly direct: boolean } {
  if (name === "all") return { algorithms: allAlgorithms, direct: true };
  if (name === "direct") return { algorithms: [], direct: true };
  const algorithms = allAlgorithms.filter((algorithm) => algorithm.name === name);
  if (algorithms.length > 0) return { algorithms, direct: false };
  throw convError("argument.name", {
    where: "--algorithm",
    what: "there is no such algorithm",
    got: name,
    wanted: `${allAlgorithms.map((algorithm) => algorithm.name).join(", ")}, direct, all`,
  });
}

function count(rows: readonly VerifyRow[], status: VerifyRow["status"]): number {
  return rows.filter((row) => row.status === status).length;
}

/** A line per algorithm, then every failure, then the totals. */
function overview(io: Io, rows: readonly VerifyRow[], { identity }: GemmProvider, files: number): string {
  const colors = palette(io);
  const algorithms = [...new Set(rows.map(({ algorithm }) => algorithm))];
  const right = true;
  const columns = [
    { title: "algorithm" },
    ...["ok", "fail", "refused", "largest error"].map((title) => ({ title, right })),
  ];
  const cells = algorithms.map((algorithm) => {
    const own = rows.filter((row) => row.algorithm === algorithm);
    const worst = own.reduce((most, row) => ((row.maxAbsError ?? 0) <= most ? most : (row.maxAbsError ?? 0)), 0);
    const counts = (["ok", "fail", "refused"] as const).map((status) => String(count(own, status)));
    return [algorithm, ...counts, worst.toExponential(1)];
  });
  const failures = rows
    .filter(({ status }) => status === "fail")
    .map((row) => {
      const by = [row.algorithm, row.form, ...Object.entries(row.parameters).map((entry) => entry.join("="))].join(" ");
      return `${colors.red("FAIL")}  ${row.file}  ${row.case}  ${by}  ${row.code ?? `off by ${row.maxAbsError}`}\n`;
    });
  const cases = new Set(rows.map((row) => `${row.file}\n${row.case}`)).size;
  const totals = `${count(rows, "ok")} ok, ${failures.length} failed, ${count(rows, "refused")} refused`;
  const verdict = failures.length === 0 ? colors.green(totals) : colors.red(totals);
  const title = `${cases} cases of ${files} file${files === 1 ? "" : "s"}, provider ${identity}`;
  return `${title}\n\n${wholeTable(columns, cells, colors)}\n${failures.join("")}${verdict}\n`;
}
