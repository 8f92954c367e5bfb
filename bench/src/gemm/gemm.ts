import type { GemmProvider } from "@leanconv/gemm";
import { gemmCase } from "./gemm-case.ts";
import { type GemmShape, gemmShapes } from "./gemm-shapes.ts";
import { interleave } from "./harness/interleave.ts";
import { announceMachine } from "./harness/machine.ts";
import { type Column, Report } from "./harness/report.ts";
import { benchProviders, type PeakProbe } from "./providers.ts";

export interface GemmBenchOptions {
  readonly provider: string;
  readonly threads: number;
  readonly json: boolean;
  readonly rounds: number;
  /** Only shapes whose name has this in it. */
  readonly only?: string;
}

/** One line of results. `ms` is a median; `fraction` is gflops / peakGflops, both from the same rounds. */
export interface GemmRow {
  readonly provider: string;
  readonly threads: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly kind: "plain" | "patch";
  readonly ms: number;
  readonly gflops: number;
  readonly peakGflops: number;
  readonly fraction: number;
  /** How many times longer the naive loop takes. */
  readonly naiveRatio: number;
  /** Set where the fraction says that the measurement is wrong. */
  readonly invalid?: true;
}

/** Nothing can be faster than the inner loop it consists of; 3 % are for noise. */
const highestFraction = 1.03;

/** Measures products of a provider and prints them. Returns the exit code: 1 if a measurement is invalid. */
export async function gemmBench({ provider: name, threads, json, rounds, only }: GemmBenchOptions): Promise<number> {
  announceMachine();
  const { open, peak } = benchProviders[name];
  using provider = await open();
  if (threads > provider.capabilities.threads) {
    throw new Error(`${name} has ${provider.capabilities.threads} thread(s), ${threads} were asked for`);
  }
  const shapes = gemmShapes().filter((shape) => only === undefined || shape.name.includes(only));
  if (shapes.length === 0) throw new Error(`no shape has "${only}" in its name`);
  const probe = peak();
  const report = new Report<GemmRow>(columns, json);
  let code = 0;
  for (const shape of shapes) {
    const row = await measure(shape, provider, threads, rounds, probe);
    report.add(row);
    if (row.invalid) {
      process.stderr.write(`${shape.name}: ${round(row.fraction, 3)} of the peak cannot be; the run is invalid\n`);
      code = 1;
    }
  }
  report.end();
  return code;
}

async function measure(
  shape: GemmShape,
  provider: GemmProvider,
  threads: number,
  rounds: number,
  probe: PeakProbe,
): Promise<GemmRow> {
  const { run, naive, check, dispose } = await gemmCase(shape, provider, threads);
  check();
  const contenders = [
    { name: provider.name, run },
    { name: "peak", run: probe.run },
    { name: "naive", run: naive },
  ];
  const [seconds, peakSeconds, naiveSeconds] = interleave(contenders, { rounds });
  dispose();
  return gemmRow(shape, provider.name, threads, seconds, peakSeconds / probe.operations, naiveSeconds);
}

/** The numbers of one shape from its median times. */
export function gemmRow(
  { m, k, rows, cols, b }: GemmShape,
  provider: string,
  threads: number,
  seconds: number,
  peakSecondsPerOperation: number,
  naiveSeconds: number,
): GemmRow {
  const n = rows * cols;
  const gflops = (2e-9 * m * n * k) / seconds;
  const peakGflops = (1e-9 * threads) / peakSecondsPerOperation;
  const fraction = gflops / peakGflops;
  return {
    ...{ provider, threads, m, n, k, kind: b.kind },
    ...{ ms: round(1000 * seconds, 4), gflops: round(gflops, 3), peakGflops: round(peakGflops, 3) },
    ...{ fraction: round(fraction, 4), naiveRatio: round(naiveSeconds / seconds, 3) },
    ...(fraction > highestFraction && { invalid: true }),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

const columns: readonly Column<GemmRow>[] = [
  {
    name: "provider",
    cell: ({ provider, threads }) => (threads > 1 ? `${provider} x${threads}` : provider),
    text: true,
  },
  { name: "m", cell: ({ m }) => `${m}` },
  { name: "n", cell: ({ n }) => `${n}` },
  { name: "k", cell: ({ k }) => `${k}` },
  { name: "B", cell: ({ kind }) => kind, text: true },
  { name: "ms", cell: ({ ms }) => ms.toFixed(3) },
  { name: "GFLOP/s", cell: ({ gflops }) => gflops.toFixed(2) },
  { name: "peak", cell: ({ peakGflops }) => peakGflops.toFixed(2) },
  { name: "of peak", cell: ({ fraction }) => `${(100 * fraction).toFixed(1)} %` },
  { name: "naive takes", cell: ({ naiveRatio }) => `${naiveRatio.toFixed(1)} x` },
];
