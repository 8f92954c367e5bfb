import { mr, nr, tile } from "@leanconv/gemm-js";
import { contender } from "../harness/contender.ts";
import type { PeakProbe } from "../providers.ts";

/** The register tile on one panel of A and one of B, 8 KiB together, and nothing around it. */
export function jsPeak(): PeakProbe {
  const depth = 256;
  const tilesPerRun = 100;
  const memory = new Float32Array((mr + nr) * depth).map((_, i) => 1 / (i + 1));
  const sums = new Float64Array(mr * nr);
  const run = (): void => {
    for (let i = 0; i < tilesPerRun; i++) tile(memory, 0, mr * depth, depth, mr, sums);
  };
  return { contender: contender("tile", run), operations: 2 * mr * nr * depth * tilesPerRun };
}
