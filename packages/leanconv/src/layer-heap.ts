import { type ConvProgram, requirements } from "@leanconv/conv";
import { heapBytes } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";

/** What a layer that runs on its own keeps in memory. */
export interface LayerHeap {
  readonly workspaceBytes: number;
  /** Packed constants, input, output, workspace and tables, each at the provider's alignment, and the provider's own. */
  readonly bytes: number;
}

/** Every byte that one layer needs. Pure. */
export function layerHeap(program: ConvProgram, provider: GemmProvider, threads: number): LayerHeap {
  const { problem: p, kernels } = program;
  const { workspaceBytes, packedBytes } = requirements(program, provider, threads);
  const input = 4 * p.n * p.ic * p.ih * p.iw;
  const output = 4 * p.n * p.oc * p.oh * p.ow;
  const tables = kernels.map((kernel) => provider.query(kernel).tableBytes);
  const bytes = heapBytes([packedBytes, input, output, workspaceBytes, ...tables], provider.capabilities);
  return { workspaceBytes, bytes };
}
