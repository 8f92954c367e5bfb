import type { GemmProvider } from "@leanconv/gemm";
import type { KernelVariant } from "@leanconv/wasm-kernels";
import type { Layer } from "leanconv";
import { announceMachine } from "../harness/machine.ts";
import { progress } from "../harness/progress.ts";
import { type Column, Report } from "../harness/report.ts";
import { benchLayers } from "../networks/bench-layers.ts";
import type { Layout } from "../networks/plan-network.ts";
import { benchProviders, openProvider } from "../providers.ts";
import { type AlgorithmRow, measureVariants } from "./measure-variants.ts";

export interface AlgorithmsOptions {
  readonly networks: readonly string[];
  readonly provider: string;
  readonly variant: KernelVariant;
  readonly threads: number;
  readonly layout: "both" | Layout;
  /** Variants with a larger workspace are left out. */
  readonly budget: number;
  readonly rounds: number;
  /** Only layers whose name has this in it. */
  readonly only?: string;
  readonly json: boolean;
}

/** Measures every variant that some algorithm offers for the layers of networks; layers that are equal, once. */
export async function algorithmsBench(options: AlgorithmsOptions): Promise<void> {
  announceMachine();
  const provider = await openProvider(options.provider, options);
  try {
    await measureNetworks(options, provider);
  } finally {
    provider.dispose();
  }
}

async function measureNetworks(options: AlgorithmsOptions, provider: GemmProvider): Promise<void> {
  const { networks, only } = options;
  progress(`${provider.identity}, ${options.threads} thread(s)`);
  const { peaks, library } = benchProviders[options.provider];
  const probes = library ? await peaks(options.variant, provider) : [];
  const report = new Report<AlgorithmRow>(columns, options.json);
  const layouts: readonly Layout[] = options.layout === "both" ? ["nchw", "nhwc"] : [options.layout];
  for (const network of networks) {
    for (const layer of distinct(benchLayers(network))) {
      if (only !== undefined && !layer.name.includes(only)) continue;
      for (const layout of layouts) {
        const rows = await measureVariants(network, layer, layout, provider, options, probes);
        for (const row of rows) report.add(row);
        const best = rows.reduce((a, b) => (b.ms < a.ms ? b : a));
        progress(
          `${network} ${layer.name} ${layout}: ${rows.length} variants, ${best.algorithm} ${best.form} ${best.ms} ms`,
        );
      }
    }
  }
  report.end();
}

/** The first of every group of layers with the same problem. */
function distinct(layers: readonly Layer[]): readonly Layer[] {
  const seen = new Set<string>();
  return layers.filter(({ problem }) => {
    const key = JSON.stringify(problem);
    return !seen.has(key) && seen.add(key);
  });
}

const columns: readonly Column<AlgorithmRow>[] = [
  { name: "network", cell: ({ network }) => network, text: true },
  { name: "layer", cell: ({ layer }) => layer, text: true },
  { name: "algorithm", cell: ({ algorithm }) => algorithm, text: true },
  { name: "form", cell: ({ form }) => form, text: true },
  { name: "layout", cell: ({ layout }) => layout, text: true },
  { name: "ms", cell: ({ ms }) => ms.toFixed(3) },
  { name: "of peak", cell: ({ fraction }) => (fraction === undefined ? "" : `${(100 * fraction).toFixed(1)} %`) },
  { name: "workspace bytes", cell: ({ workspaceBytes }) => `${workspaceBytes}` },
];
