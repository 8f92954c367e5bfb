import { expect, test } from "vitest";
import { allAlgorithms, conv2d, type GemmProvider, jsGemm, referenceGemm } from "../src/index.ts";
import { integers, oracle, plain, tensor } from "./oracle.ts";

const imageShapes = { nchw: [2, 4, 7, 6], nhwc: [2, 7, 6, 4] } as const;
const filterShapes = { oihw: [6, 2, 3, 2], hwio: [3, 2, 2, 6], ohwi: [6, 3, 2, 2], ihwo: [2, 3, 2, 6] } as const;
const imageLayouts = Object.keys(imageShapes) as (keyof typeof imageShapes)[];
const filterLayouts = Object.keys(filterShapes) as (keyof typeof filterShapes)[];
const pairs = imageLayouts.flatMap((inputLayout) =>
  filterLayouts.map((filterLayout) => ({ inputLayout, filterLayout })),
);

test.each(pairs)("$inputLayout with $filterLayout equals the oracle", async (layouts) => {
  const input = tensor(imageShapes[layouts.inputLayout], 1);
  const filter = tensor(filterShapes[layouts.filterLayout], 2);
  const options = { ...layouts, groups: 2, strides: [2, 1], padding: [1, 2, 0, 1], bias: integers(6, 3) } as const;
  const got = await conv2d(input, filter, options);
  expect(got.shape).toEqual(layouts.inputLayout === "nchw" ? [2, 6, 4, 6] : [2, 4, 6, 6]);
  expect(got.stride).toEqual([144, got.shape[2] * got.shape[3], got.shape[3], 1]);
  expect(got.offset).toBe(0);
  expect(plain(got)).toEqual(plain(oracle(input, filter, options)));
});

test("every algorithm that takes the problem gives the same", async () => {
  const input = tensor([1, 4, 9, 8], 4);
  const filter = tensor([5, 4, 3, 3], 5);
  const options = { padding: 1, activation: "relu" } as const;
  const wanted = plain(oracle(input, filter, options));
  for (const { name, errorClass } of allAlgorithms) {
    if (name === "kn2col-kw") continue;
    const got = plain(await conv2d(input, filter, { ...options, algorithm: name }));
    if (errorClass.exactOnIntegers) expect(got, name).toEqual(wanted);
    else
      got.forEach((value, at) => {
        expect(Math.abs(value - wanted[at]), name).toBeLessThan(1e-3);
      });
  }
  await expect(conv2d(input, filter, { ...options, algorithm: "kn2col-kw" })).rejects.toThrow(/unsupported\.layout/);
  const strip = await conv2d(input, filter, { ...options, algorithm: "im2col", form: "strip" });
  expect(plain(strip)).toEqual(wanted);
});

test("several threads give the same", async () => {
  const input = tensor([1, 4, 9, 8], 4);
  const filter = tensor([5, 4, 3, 3], 5);
  const wanted = plain(oracle(input, filter, { padding: 1 }));
  expect(plain(await conv2d(input, filter, { padding: 1, threads: 3 }))).toEqual(wanted);
});

test("dilation, prelu with one slope or one a channel, and rules of padding", async () => {
  const input = tensor([1, 3, 8, 8], 6);
  const filter = tensor([2, 3, 3, 3], 7);
  for (const slopes of [Float32Array.of(2), Float32Array.of(-1, 3)]) {
    const options = { dilations: 2, padding: "same-upper", activation: "prelu", slopes } as const;
    const got = await conv2d(input, filter, options);
    expect(got.shape).toEqual([1, 2, 8, 8]);
    expect(plain(got)).toEqual(plain(oracle(input, filter, options)));
  }
});

test("bias and slopes may be lists, arrays, and tensors with strides", async () => {
  const input = tensor([1, 2, 4, 4], 8);
  const filter = tensor([3, 2, 2, 2], 9);
  const values = Float32Array.of(1, 0, -2, 0, 3, 0);
  const [bias, options] = [Float32Array.of(3, -2, 1), { activation: "prelu", slopes: Float32Array.of(2) }] as const;
  const wanted = plain(oracle(input, filter, { ...options, bias }));
  for (const given of [
    bias,
    [3, -2, 1],
    { data: bias, shape: [3] },
    { data: values, shape: [3], stride: [-2], offset: 4 },
  ]) {
    const got = await conv2d(input, filter, {
      bias: given,
      activation: "prelu",
      slopes: { data: bias.map(() => 2), shape: [3, 1, 1] },
    });
    expect(plain(got)).toEqual(wanted);
  }
});

test("the inputs are only read, and the output is memory of its own", async () => {
  const [input, filter, bias] = [tensor([1, 3, 6, 6], 10), tensor([4, 3, 3, 3], 11), integers(4, 12)];
  const before = [input.data, filter.data, bias].map((data) => data.slice());
  const first = await conv2d(input, filter, { bias, padding: 1 });
  const kept = first.data.slice();
  const second = await conv2d(input, filter, { bias, padding: 1, algorithm: "kn2row-aa", form: "punch" });
  expect([input.data, filter.data, bias]).toEqual(before);
  expect(second.data.buffer).not.toBe(first.data.buffer);
  expect(first.data).toEqual(kept);
  expect(second.data.byteLength).toBe(second.data.buffer.byteLength);
});

test("a provider that is passed is used and stays open, one heap of exactly the planned bytes", async () => {
  const provider = referenceGemm();
  const sizes: number[] = [];
  const spy: GemmProvider = {
    ...provider,
    disposed: false,
    createHeap: (bytes) => {
      sizes.push(bytes);
      return provider.createHeap(bytes);
    },
  };
  const [input, filter] = [tensor([1, 3, 5, 5], 13), tensor([2, 3, 3, 3], 14)];
  await conv2d(input, filter, { provider: spy, algorithm: "im2col", form: "full" });
  // Filter 216 -> 224, input 300 -> 304, output 72 -> 80, patches 27 * 9 * 4 = 972 -> 976.
  expect(sizes).toEqual([224 + 304 + 80 + 976]);
  expect(provider.disposed).toBe(false);
  expect((await conv2d(input, filter, { provider: jsGemm() })).data).toEqual(oracle(input, filter));
});

test("the workspace budget holds or is refused with the least that works", async () => {
  const [input, filter] = [tensor([1, 8, 20, 20], 15), tensor([8, 8, 3, 3], 16)];
  const tight = { padding: 1, algorithm: "im2col", workspaceBytes: 4 * 72 * 20, provider: jsGemm() };
  expect(plain(await conv2d(input, filter, tight))).toEqual(plain(oracle(input, filter, { padding: 1 })));
  await expect(conv2d(input, filter, { ...tight, workspaceBytes: 4 * 72 * 20 - 1 })).rejects.toMatchObject({
    code: "resource.over-budget",
    details: { layer: "conv2d", budgetBytes: 5759, smallestBytes: 5760, algorithm: "im2col" },
  });
});
