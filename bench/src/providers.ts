import type { GemmProvider } from "@leanconv/gemm";
import { jsGemm, mr, nr, tile } from "@leanconv/gemm-js";

/** The inner loop of a provider alone, on packed data in the first cache: what its products are a fraction of. */
export interface PeakProbe {
  readonly run: () => void;
  /** Floating-point operations of one `run`. */
  readonly operations: number;
}

/** A provider that can be measured. */
export interface BenchProvider {
  readonly open: () => GemmProvider | Promise<GemmProvider>;
  readonly peak: () => PeakProbe;
}

export const benchProviders: Readonly<Record<string, BenchProvider>> = {
  js: { open: () => jsGemm(), peak: jsPeak },
};

/** The register tile on one panel of A and one of B, 8 KiB together, and nothing around it. */
function jsPeak(): PeakProbe {
  const depth = 256;
  const tilesPerRun = 100;
  const memory = new Float32Array((mr + nr) * depth).map((_, i) => 1 / (i + 1));
  const sums = new Float64Array(mr * nr);
  return {
    run() {
      for (let i = 0; i < tilesPerRun; i++) tile(memory, 0, mr * depth, depth, mr, sums);
    },
    operations: 2 * mr * nr * depth * tilesPerRun,
  };
}
