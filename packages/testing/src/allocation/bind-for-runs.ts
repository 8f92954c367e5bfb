import {
  type BoundConv,
  bindConv2d,
  type ConvAlgorithm,
  packedBytes,
  prepareWeights,
  requirements,
  type Variant,
} from "@leanconv/conv";
import type { GemmProvider } from "@leanconv/gemm";
import { allocateTensor } from "@leanconv/tensor";
import type { ConvData } from "../conv/conv-data.ts";

/** A variant bound in a heap of its own, as a user would bind it. */
export async function bindForRuns(
  algorithm: ConvAlgorithm,
  variant: Variant,
  provider: GemmProvider,
  { problem, constants, input }: ConvData,
): Promise<BoundConv> {
  const { n, ic, ih, iw, oc, oh, ow } = problem;
  const program = algorithm.program(problem, variant, provider);
  const { workspaceBytes, tableBytes } = requirements(program, provider);
  const elements = n * (ic * ih * iw + oc * oh * ow);
  const { alignBytes, reservedBytes } = provider.capabilities;
  const slack = alignBytes * (8 + program.kernels.length);
  const heap = await provider.createHeap(
    reservedBytes + packedBytes(program, provider) + workspaceBytes + tableBytes + 4 * elements + slack,
  );
  const prepared = prepareWeights(program, provider, heap, constants);
  const source = allocateTensor(heap, [n, ic, ih, iw], variant.inputLayout);
  source.data.set(input);
  const output = allocateTensor(heap, [n, oc, oh, ow], variant.outputLayout);
  const workspace = heap.allocate(workspaceBytes, "workspace");
  return bindConv2d(program, provider, prepared, { input: source, output, workspace, exclusiveInput: true });
}
