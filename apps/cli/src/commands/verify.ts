import { Command } from "commander";
import { allAlgorithms, type ConvAlgorithm, convError, type GemmProvider } from "leanconv";
import ora from "ora";
import { chooseProvider, providerNames } from "../choose-provider.ts";
import type { ExitCode } from "../cli.ts";
import { usualTolerance } from "../compare-case.ts";
import { type Io, palette, writeJson } from "../io.ts";
import { parseCaseFile } from "../numeric-case.ts";
import { readText } from "../read-layers.ts";
import { wholeTable } from "../table.ts";
import { type RefusedForm, type VerifyRow, verifyCase } from "../verify-case.ts";

interface Flags {
  readonly provider: string;
  readonly algorithm: string;
  readonly tolerance: number;
  readonly json?: true;
}

/** `leanconv verify`: computes numeric cases by every form of the algorithms and compares with what is expected. */
export function verifyCommand(io: Io, report: (code: ExitCode) => void): Command {
  return new Command("verify")
    .description("compute numeric cases by every form of every algorithm and compare with the expected outputs")
    .argument("<cases.json...>", "files of numeric cases")
    .option("--provider <name>", `what multiplies: ${providerNames.join(", ")}`, "wasm")
    .option("--algorithm <name>", `one of ${allAlgorithms.map(({ name }) => name).join(", ")}, direct, or all`, "all")
    .option(
      "--tolerance <number>",
      "how far an output may lie off, as a part of its value",
      parseTolerance,
      usualTolerance,
    )
    .option("--json", "one JSON object a line on stdout, and nothing else")
    .action(async (files: readonly string[], flags: Flags) => {
      const picked = pick(flags.algorithm);
      const suites = files.map((file) => ({ file, suite: parseCaseFile(readText(file), file) }));
      const provider = await chooseProvider(flags.provider);
      const spinner = io.progress ? ora({ discardStdin: false }).start() : undefined;
      const rows: VerifyRow[] = [];
      const refusedForms: RefusedForm[] = [];
      try {
        for (const { file, suite } of suites) {
          for (const one of suite.cases) {
            if (spinner) spinner.text = `${file}: ${one.name}`;
            const found = await verifyCase(one, { file, provider, tolerance: flags.tolerance, ...picked });
            rows.push(...found.rows);
            refusedForms.push(...found.refusedForms);
            if (found.problem !== undefined) io.err(`leanconv: ${file}: ${found.problem}\n`);
            if (flags.json) for (const row of found.rows) writeJson(io, row);
          }
        }
      } finally {
        spinner?.stop();
        provider.dispose();
      }
      const summary = { ok: count(rows, "ok"), fail: count(rows, "fail"), refused: count(rows, "refused") };
      if (flags.json) writeJson(io, { summary: { ...summary, refusedForms: countForms(refusedForms) } });
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

/** How many cases each form refused, by code, in the order they were met. */
function countForms(refused: readonly RefusedForm[]): readonly (RefusedForm & { readonly count: number })[] {
  const groups = Map.groupBy(refused, ({ algorithm, form, code }) => `${algorithm} ${form} ${code}`);
  return [...groups.values()].map((all) => ({ ...all[0], count: all.length }));
}

function parseTolerance(text: string): number {
  const tolerance = Number(text);
  if (text.trim() !== "" && tolerance >= 0 && tolerance < Infinity) return tolerance;
  const wanted = "a number of at least 0, such as 1e-4";
  throw convError("argument.range", { where: "--tolerance", what: "not a tolerance", got: text, wanted });
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
