import {
  bindConv2d,
  type ConvAlgorithm,
  type ConvProblem,
  describeConv2d,
  prepareWeights,
  requirements,
  type Variant,
} from "@leanconv/conv";
import { heapBytes } from "@leanconv/core";
import { referenceGemm } from "@leanconv/gemm";
import { allocateTensor, filterView } from "@leanconv/tensor";

/** The worked example of all READMEs (MEC's own, Cho and Brand): a 7x7 image, x[r][c] = 7r + c, a 3x3 kernel of ones. */
export const example: ConvProblem = describeConv2d({
  inputChannels: 1,
  outputChannels: 1,
  input: [7, 7],
  kernel: [3, 3],
});

/** Its result, row by row. */
export const exampleOutput: readonly number[] = [0, 1, 2, 3, 4].flatMap((y) =>
  [0, 1, 2, 3, 4].map((x) => 72 + 63 * y + 9 * x),
);

/** Runs the example and returns the output with what the workspace holds afterwards. */
export async function runExample(
  algorithm: ConvAlgorithm,
  form: string,
  layout: Variant["inputLayout"],
  parameters: Variant["parameters"] = {},
): Promise<{ readonly output: readonly number[]; readonly workspace: readonly number[] }> {
  const provider = referenceGemm();
  const variant: Variant = { form, parameters, inputLayout: layout, outputLayout: layout };
  const program = algorithm.program(example, variant, provider);
  const { workspaceBytes, packedBytes } = requirements(program, provider);
  const heap = await provider.createHeap(heapBytes([196, 100, workspaceBytes, packedBytes], provider.capabilities));
  const input = allocateTensor(heap, [1, 1, 7, 7], layout);
  const output = allocateTensor(heap, [1, 1, 5, 5], layout);
  const filter = filterView(new Float32Array(9).fill(1), [1, 1, 3, 3], "oihw");
  const weights = prepareWeights(program, provider, heap, { filter });
  const workspace = heap.allocate(workspaceBytes);
  for (let i = 0; i < 49; i++) input.data[input.offset + i] = i;
  workspace.float32.fill(Number.NaN);
  const binding = { input, output, ...(workspaceBytes > 0 && { workspace }) };
  bindConv2d(program, provider, weights, binding).run();
  return {
    output: Array.from(output.data.subarray(output.offset, output.offset + 25)),
    workspace: Array.from(workspace.float32.subarray(0, workspaceBytes / 4)),
  };
}
