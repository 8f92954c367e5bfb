import type { GemmProvider } from "@leanconv/gemm";
import type { SystemLibrary } from "@leanconv/gemm-native";
import type { KernelVariant } from "@leanconv/wasm-kernels";
import { contender } from "../harness/contender.ts";
import { interleave } from "../harness/interleave.ts";
import { announceMachine } from "../harness/machine.ts";
import { progress } from "../harness/progress.ts";
import { Report } from "../harness/report.ts";
import { benchProviders, openProvider, type PeakProbe } from "../providers.ts";
import { directCall } from "./direct-call.ts";
import { gemmCase } from "./gemm-case.ts";
import { columns, type GemmRow, gemmRow, type RowHead } from "./gemm-row.ts";
import { allShapes, fewShapes, type GemmShape } from "./gemm-shapes.ts";

export interface GemmBenchOptions {
  readonly provider: string;
  readonly variant: KernelVariant;
  readonly threads: number;
  readonly json: boolean;
  readonly rounds: number;
  /** Only shapes whose name has this in it. */
  readonly only?: string;
}

/** Measures products of a provider and prints them. Returns the exit code: 1 if a measurement is invalid. */
export async function gemmBench(options: GemmBenchOptions): Promise<number> {
  announceMachine();
  const provider = await openProvider(options.provider, options);
  try {
    return await measureShapes(options, provider);
  } finally {
    provider.dispose();
  }
}

async function measureShapes(options: GemmBenchOptions, provider: GemmProvider): Promise<number> {
  const { provider: name, variant, threads, only } = options;
  const { peaks, variants, library: openLibrary } = benchProviders[name];
  const library = await openLibrary?.();
  const { mr, nr } = provider.capabilities;
  const head: RowHead = { provider: name, ...(variants && { variant, tile: `${mr}x${nr}` }), threads };
  const shapes = (variants || library ? allShapes() : fewShapes()).filter(
    (shape) => !only || shape.name.includes(only),
  );
  if (shapes.length === 0) throw new Error(`no shape has "${only}" in its name`);
  const probes = await peaks(variant, provider);
  const report = new Report<GemmRow>(columns(head, library !== undefined), options.json);
  let code = 0;
  for (const shape of shapes) {
    const row = await measure(shape, provider, head, options.rounds, probes, library);
    report.add(row);
    progress(`${shape.name} ${shape.layout}  ${row.gflops} of ${row.peakGflops} GFLOP/s`);
    if (!row.invalid) continue;
    progress(`${shape.name}: ${row.fraction} of the peak cannot be; the run is invalid`);
    code = 1;
  }
  report.end();
  return code;
}

async function measure(
  shape: GemmShape,
  provider: GemmProvider,
  head: RowHead,
  rounds: number,
  probes: readonly PeakProbe[],
  library: SystemLibrary | undefined,
): Promise<GemmRow> {
  const { run, naive, check, dispose, operands } = await gemmCase(shape, provider, head.threads);
  check();
  // The naive loop takes minutes for what a fast provider is measured with.
  const slow = head.variant === undefined && library === undefined ? [contender("naive", naive())] : [];
  const direct = library && directCall(shape, operands, library);
  const beside = direct ? [contender("library", direct)] : slow;
  const contenders = [contender(head.provider, run), ...probes.map((probe) => probe.contender), ...beside];
  const [seconds, ...others] = await interleave(contenders, { rounds });
  dispose();
  const perOperation = Math.min(...probes.map(({ operations }, i) => others[i] / operations));
  const [other] = others.slice(probes.length);
  return gemmRow(shape, head, seconds, perOperation, {
    ...(direct ? { directSeconds: other } : { naiveSeconds: other }),
    registerPeak: library === undefined,
  });
}
