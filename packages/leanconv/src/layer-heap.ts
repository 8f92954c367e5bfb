import { type ConvProgram, requirements } from "@leanconv/conv";
import { convError, type Heap, heapBytes, isConvError } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";

/** What a layer that runs on its own keeps in memory. */
export interface LayerHeap {
  readonly workspaceBytes: number;
  /** Input and output. */
  readonly tensorBytes: number;
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
  return { workspaceBytes, tensorBytes: input + output, bytes };
}

/**
 * The memory of one layer. Where there is not as much, the error says how much of it are the tensors, which no budget
 * makes smaller. @throws `resource.out-of-memory` and what else the provider throws
 */
export async function createLayerHeap(provider: GemmProvider, needs: LayerHeap): Promise<Heap> {
  try {
    return await provider.createHeap(needs.bytes);
  } catch (cause) {
    if (!isConvError(cause) || cause.code !== "resource.out-of-memory") throw cause;
    const { bytes, tensorBytes, workspaceBytes } = needs;
    throw convError(cause.code, {
      where: "openLayer",
      what: "there is no memory for the layer",
      got: `${bytes} bytes: ${tensorBytes} of input and output, ${workspaceBytes} of workspace, the rest packed constants`,
      fix:
        workspaceBytes > tensorBytes
          ? "plan with a smaller budget"
          : "a smaller budget does not help: compute fewer images or a part of the image at a time",
      details: { ...cause.details, ...needs },
      cause,
    });
  }
}
