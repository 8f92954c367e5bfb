import { heapBytes, isConvError } from "@leanconv/core";
import { type GemmProvider, referenceGemm } from "@leanconv/gemm";
import type { StridedView } from "@leanconv/tensor";
import { expect, test } from "vitest";
import { accumulateProgram } from "../src/accumulate.ts";
import {
  bindConv2d,
  type ConvAlgorithm,
  type ConvBinding,
  type ConvProgram,
  describeConv2d,
  directSums,
  type PreparedWeights,
  packedBytes,
  prepareWeights,
  requirements,
} from "../src/index.ts";

const algorithm: ConvAlgorithm = {
  name: "accumulating",
  errorClass: directSums,
  variants: () => [],
  program: (problem, variant, provider, views) =>
    accumulateProgram(algorithm, "nchw", problem, variant, provider, views),
};
const problem = describeConv2d({
  ...{
    inputChannels: 2,
    outputChannels: 3,
    input: [5, 7],
    kernel: [3, 3],
    padding: 1,
    bias: true,
    activation: "prelu",
  },
});
const filter = dense(new Float32Array(3 * 2 * 9).fill(1), [3, 2, 3, 3]);
const constants = { filter, bias: [1, 2, 3], slopes: [0.5] };

function dense(data: Float32Array, shape: readonly number[]): StridedView {
  const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  return { data, shape, stride, offset: 0 };
}

interface Setting {
  readonly provider: GemmProvider;
  readonly program: ConvProgram;
  readonly weights: PreparedWeights;
  readonly binding: Required<Pick<ConvBinding, "input" | "output" | "workspace">> & ConvBinding;
}

async function setting(form = "slice"): Promise<Setting> {
  const provider = referenceGemm();
  const variant = { form, parameters: {}, inputLayout: "nchw", outputLayout: "nchw" } as const;
  const program = algorithm.program(problem, variant, provider);
  const needs = requirements(program, provider);
  const sizes = [2 * 35 * 4, 3 * 35 * 4, needs.workspaceBytes, needs.packedBytes];
  const heap = await provider.createHeap(heapBytes(sizes, provider.capabilities));
  const input = dense(heap.allocate(2 * 35 * 4, "input").float32, [1, 2, 5, 7]);
  const output = dense(heap.allocate(3 * 35 * 4, "output").float32, [1, 3, 5, 7]);
  const workspace = heap.allocate(needs.workspaceBytes, "workspace");
  const before = heap.usedBytes;
  const weights = prepareWeights(program, provider, heap, constants);
  expect(heap.usedBytes - before).toBe(packedBytes(program, provider));
  expect(heap.usedBytes).toBe(heap.bytes);
  return { provider, program, weights, binding: { input, output, workspace } };
}

function code(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isConvError(error)) return error.code;
    throw error;
  }
  return "nothing thrown";
}

test("bound once, run many times", async () => {
  const { provider, program, weights, binding } = await setting();
  const bound = bindConv2d(program, provider, weights, binding);
  for (const value of [1, -1]) {
    binding.input.data.fill(value);
    bound.run();
    // An inner pixel sums 2 x 9 ones; the slope halves what is negative.
    const inner = 18 * value + 1;
    expect(binding.output.data[2 * 7 + 3]).toBe(inner < 0 ? inner / 2 : inner);
  }
});

test("memory that does not fit the program is refused with a code", async () => {
  const { provider, program, weights, binding } = await setting();
  const { input, output, workspace } = binding;
  const bind = (change: Partial<ConvBinding>): string =>
    code(() => bindConv2d(program, provider, weights, { ...binding, ...change }));
  expect(bind({})).toBe("nothing thrown");
  expect(bind({ input: { ...input, shape: [1, 2, 7, 5] } })).toBe("argument.shape");
  expect(bind({ input: { ...input, stride: [70, 1, 14, 2] } })).toBe("argument.strides");
  expect(bind({ output: { ...output, offset: 1 } })).toBe("argument.shape");
  const overInput = { data: weights.weights.heap.float32, offset: input.data.byteOffset / 4 + 1 };
  expect(bind({ output: { ...output, ...overInput } })).toBe("argument.range");
  expect(bind({ input: { ...input, data: new Float32Array(70) } })).toBe("state.wrong-memory");
  expect(bind({ workspace: { ...workspace, bytes: workspace.bytes - 4 } })).toBe("resource.workspace-too-small");
  expect(bind({ workspace: { ...workspace, byteOffset: workspace.byteOffset + 4 } })).toBe("resource.misaligned");
  expect(bind({ threads: 0 })).toBe("argument.range");
  const other = await provider.createHeap(workspace.bytes);
  expect(bind({ workspace: other.allocate(workspace.bytes) })).toBe("state.wrong-memory");
  weights.weights.heap.dispose();
  expect(bind({})).toBe("state.disposed");
});

test("an input that others read is not punched", async () => {
  const { provider, program, weights, binding } = await setting("punch");
  expect(code(() => bindConv2d(program, provider, weights, binding))).toBe("unsupported.shared-input");
  bindConv2d(program, provider, weights, { ...binding, exclusiveInput: true }).run();
});

test("weights and programs stay with their provider", async () => {
  const { provider, program, weights, binding } = await setting();
  const other = { ...provider, identity: "other" };
  expect(code(() => bindConv2d(program, other, weights, binding))).toBe("argument.plan-mismatch");
  const smaller = describeConv2d({ inputChannels: 2, outputChannels: 3, input: [5, 7], kernel: [3, 3], padding: 1 });
  const unbiased = algorithm.program(smaller, program.variant, provider);
  expect(code(() => bindConv2d(unbiased, provider, weights, binding))).toBe("argument.packed-for-other");
});

test("constants have to be those of the problem", async () => {
  const { provider, program, weights } = await setting();
  const { heap } = weights.weights;
  const prepare = (change: object): string =>
    code(() => prepareWeights(program, provider, heap, { ...constants, ...change }));
  expect(prepare({ filter: dense(filter.data, [3, 2, 9, 1]) })).toBe("argument.shape");
  expect(prepare({ bias: undefined })).toBe("argument.bias");
  expect(prepare({ bias: [1, 2] })).toBe("argument.bias");
  expect(prepare({ slopes: [1, 2] })).toBe("argument.slopes");
  expect(prepare({})).toBe("resource.out-of-memory");
});

test("packed weights serve another image size", async () => {
  const { provider, program, weights, binding } = await setting("window");
  const { input, output } = binding;
  const row = describeConv2d({
    ...{
      inputChannels: 2,
      outputChannels: 3,
      input: [1, 7],
      kernel: [3, 3],
      padding: 1,
      bias: true,
      activation: "prelu",
    },
  });
  const small = algorithm.program(row, program.variant, provider);
  input.data.fill(1);
  bindConv2d(small, provider, weights, {
    input: dense(input.data, [1, 2, 1, 7]),
    output: dense(output.data, [1, 3, 1, 7]),
  }).run();
  expect(output.data[3]).toBe(2 * 3 + 1);
});

test("crops are computed in place when the program is made for their strides", async () => {
  const { provider, program, weights, binding } = await setting();
  const { input, output, workspace } = binding;
  const crop = describeConv2d({
    ...{
      inputChannels: 2,
      outputChannels: 3,
      input: [3, 4],
      kernel: [3, 3],
      padding: 1,
      bias: true,
      activation: "prelu",
    },
  });
  const views = { input: { n: 70, c: 35, h: 7, w: 1 }, output: { n: 105, c: 35, h: 7, w: 1 } };
  for (const form of ["window", "rows", "slice"]) {
    const made = algorithm.program(crop, { ...program.variant, form }, provider, views);
    input.data.fill(1);
    output.data.fill(Number.NaN);
    bindConv2d(made, provider, weights, {
      input: { data: input.data, shape: [1, 2, 3, 4], stride: [70, 35, 7, 1], offset: 8 },
      output: { data: output.data, shape: [1, 3, 3, 4], stride: [105, 35, 7, 1], offset: 8 },
      workspace,
    }).run();
    expect(output.data.filter(Number.isNaN).length).toBe(105 - 36);
    expect(output.data[8 + 7 + 1]).toBe(19);
  }
  expect(code(() => algorithm.program(crop, { ...program.variant, form: "punch" }, provider, views))).toBe(
    "unsupported.strides",
  );
});
