import {
  bindConv2d,
  type ConvAlgorithm,
  type ConvProblem,
  prepareWeights,
  requirements,
  type Variant,
} from "@leanconv/conv";
import { heapBytes } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { allocateTensor, filterView, imageView, reorder } from "@leanconv/tensor";

/** The output of one algorithm, dense nchw, from a dense nchw input and an oihw filter. */
export async function runAlgorithm(
  algorithm: ConvAlgorithm,
  problem: ConvProblem,
  provider: GemmProvider,
  input: Float32Array,
  filter: Float32Array,
  layout: Variant["inputLayout"] = "nchw",
): Promise<Float32Array> {
  const { n, ic, ih, iw, oc, oh, ow, groups } = problem;
  const { variant } = algorithm.variants(problem, { inputLayout: layout }).find(({ refusal }) => !refusal)!;
  const program = algorithm.program(problem, variant, provider);
  const { workspaceBytes, packedBytes, tableBytes } = requirements(program, provider);
  const tables = tableBytes + program.kernels.length * provider.capabilities.alignBytes;
  const sizes = [4 * input.length, 4 * n * oc * oh * ow, workspaceBytes, packedBytes, tables];
  const heap = await provider.createHeap(heapBytes(sizes, provider.capabilities));
  const weights = prepareWeights(program, provider, heap, {
    filter: filterView(filter, [oc, ic / groups, 3, 3], "oihw"),
  });
  const x = allocateTensor(heap, [n, ic, ih, iw], layout);
  const y = allocateTensor(heap, [n, oc, oh, ow], layout);
  const workspace = heap.allocate(workspaceBytes);
  reorder(imageView(input, [n, ic, ih, iw], "nchw"), x);
  const binding = { input: x, output: y, ...(workspaceBytes > 0 && { workspace }) };
  bindConv2d(program, provider, weights, binding).run();
  const output = new Float32Array(n * oc * oh * ow);
  reorder(y, imageView(output, [n, oc, oh, ow], "nchw"));
  heap.dispose();
  return output;
}
