import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Conv2dCallOptions,
  conv2d,
  type GemmProvider,
  isConvError,
  referenceGemm,
  type TensorLike,
} from "../src/index.ts";

/** A provider that must not be asked for memory. */
const noMemory: GemmProvider = {
  ...referenceGemm(),
  createHeap: () => Promise.reject(new Error("memory was asked for")),
};

const zeros = (...shape: number[]): TensorLike => ({
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
  shape,
});

async function codeOf(input: unknown, filter: unknown, options: object = {}): Promise<string> {
  try {
    await conv2d(input as TensorLike, filter as TensorLike, { provider: noMemory, ...options } as Conv2dCallOptions);
  } catch (error) {
    if (!isConvError(error)) throw error;
    expect(error instanceof TypeError, error.message).toBe(error.code.startsWith("argument."));
    return error.code;
  }
  return "accepted";
}

const image = zeros(1, 4, 5, 5);
const taps = zeros(4, 4, 3, 3);
const doubles = { data: new Float64Array(100), shape: [1, 4, 5, 5] };

test.each<[what: string, code: string, input: unknown, filter: unknown, options?: object]>([
  ["an input of three axes", "argument.rank", zeros(4, 5, 5), taps],
  ["a filter of three axes", "argument.rank", image, zeros(4, 4, 9)],
  ["an input that is no tensor", "argument.shape", undefined, taps],
  ["an input without a shape", "argument.shape", { data: new Float32Array(4) }, taps],
  ["float64 data", "argument.dtype", doubles, taps],
  ["float64 data that calls itself float32", "argument.dtype", { ...doubles, dtype: "float32" }, taps],
  ["a list of numbers for data", "argument.dtype", { data: [1, 2], shape: [1, 1, 1, 2] }, zeros(1, 1, 1, 1)],
  ["an int32 filter", "argument.dtype", image, { data: new Int32Array(144), shape: [4, 4, 3, 3] }],
  ["padding of two numbers", "argument.padding", image, taps, { padding: [1, 1] }],
  ["negative padding", "argument.padding", image, taps, { padding: [-1, 0, 0, 0] }],
  ["an unknown rule of padding", "argument.padding", image, taps, { padding: "same" }],
  ["strides of one number in a list", "argument.strides", image, taps, { strides: [1] }],
  ["a stride of 0", "argument.strides", image, taps, { strides: [1, 0] }],
  ["a negative stride", "argument.strides", image, taps, { strides: -1 }],
  ["a dilation of 0", "argument.dilations", image, taps, { dilations: [0, 1] }],
  ["dilations of three numbers", "argument.dilations", image, taps, { dilations: [1, 1, 1] }],
  ["no groups", "argument.groups", image, taps, { groups: 0 }],
  ["groups that do not divide the input channels", "argument.groups", image, taps, { groups: 3 }],
  ["a filter of the wrong number of channels", "argument.groups", image, taps, { groups: 2 }],
  ["groups that do not divide the output channels", "argument.groups", image, zeros(3, 2, 3, 3), { groups: 2 }],
  ["a bias of the wrong length", "argument.bias", image, taps, { bias: new Float32Array(3) }],
  ["a bias of two axes", "argument.bias", image, taps, { bias: zeros(4, 1) }],
  ["an int32 bias", "argument.dtype", image, taps, { bias: new Int32Array(4) }],
  ["a kernel larger than the padded input", "argument.kernel-exceeds-input", image, zeros(4, 4, 6, 1)],
  ["a dilated kernel larger than the input", "argument.kernel-exceeds-input", image, taps, { dilations: 3 }],
  ["a dilation beyond the exact integers", "argument.overflow", image, taps, { dilations: [2 ** 53, 1] }],
  ["an unknown layout", "argument.layout", image, taps, { inputLayout: "chw" }],
  ["an unknown filter layout", "argument.layout", image, taps, { filterLayout: "iohw" }],
  ["an unknown activation", "argument.activation", image, taps, { activation: "gelu" }],
  ["prelu without slopes", "argument.slopes", image, taps, { activation: "prelu" }],
  ["slopes without prelu", "argument.slopes", image, taps, { slopes: [1] }],
  ["an option that does not exist", "argument.name", image, taps, { stride: 2 }],
  ["an algorithm that does not exist", "argument.name", image, taps, { algorithm: "winograd" }],
  ["a form that does not exist", "argument.name", image, taps, { algorithm: "im2col", form: "window" }],
  ["a form of no algorithm", "argument.name", image, taps, { form: "full" }],
  ["data shorter than its shape", "argument.shape", { data: new Float32Array(99), shape: [1, 4, 5, 5] }, taps],
  ["data longer than its shape", "argument.shape", { data: new Float32Array(101), shape: [1, 4, 5, 5] }, taps],
  ["strides that leave the data", "argument.shape", { ...image, stride: [100, 25, 5, 2], offset: 0 }, taps],
  ["strides that are not whole", "argument.strides", { ...image, stride: [100, 25, 5, 0.5], offset: 0 }, taps],
  ["three strides for four axes", "argument.strides", { ...image, stride: [25, 5, 1], offset: 0 }, taps],
  ["a negative budget", "argument.range", image, taps, { workspaceBytes: -1 }],
  ["the name of a provider", "argument.name", image, taps, { provider: "js" }],
  ["the promise of a provider", "argument.name", image, taps, { provider: Promise.resolve(referenceGemm()) }],
  ["half a thread", "argument.range", image, taps, { threads: 0.5 }],
  ["more threads than the provider has", "argument.range", image, taps, { threads: 2 }],
])("%s is refused as %s before memory is asked for", async (_, code, input, filter, options) => {
  expect(await codeOf(input, filter, options)).toBe(code);
});

test("options that are no object are refused; messages name the options of conv2d", async () => {
  for (const options of [null, "js"]) {
    await expect(conv2d(image, taps, options as never)).rejects.toMatchObject({ code: "argument.format" });
  }
  await expect(conv2d(image, taps, { workspaceBytes: -5 })).rejects.toThrow(
    "conv2d: workspaceBytes: not a size in whole bytes; got -5; leave it out for no limit [argument.range]",
  );
});

test("what is right does ask for memory", async () => {
  await expect(codeOf(image, taps)).rejects.toThrow("memory was asked for");
});

const invalid = join(import.meta.dirname, "../../../../shared/conformance/conv2d-invalid.json");

describe.skipIf(!existsSync(invalid))("WebNN's invalid cases, in ../shared/conformance", () => {
  const { cases } = existsSync(invalid) ? JSON.parse(readFileSync(invalid, "utf8")) : { cases: [] };
  const arrays = { float32: Float32Array, int32: Int32Array };
  type Given = { dataType: keyof typeof arrays; shape: number[] };
  const filled = ({ dataType, shape }: Given) => ({
    data: new arrays[dataType](shape.reduce((a, b) => a * b, 1)),
    shape,
  });
  const expected: Record<string, string> = { "kernel larger than padded input": "argument.kernel-exceeds-input" };

  test.each(cases as { name: string; rule: string; input: Given; filter: Given; options: { bias?: Given } }[])(
    "$name",
    async ({ name, rule, input, filter, options }) => {
      const { bias, ...rest } = options;
      // By its own note, this case means the other filter layout.
      const layout = name.includes('filterLayout="hwio"') && rule === "bias" ? { filterLayout: "hwio" } : {};
      const code = await codeOf(filled(input), filled(filter), {
        ...rest,
        ...layout,
        ...(bias && { bias: filled(bias) }),
      });
      // 2^32 - 1 is an exact integer here: the kernel is merely larger than the input.
      if (rule === "overflow") expect(code).toMatch(/^argument\.(overflow|kernel-exceeds-input)$/);
      else expect(code).toBe(expected[rule] ?? `argument.${rule}`);
    },
  );
});
