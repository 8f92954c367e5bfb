import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isConvError } from "@leanconv/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Conv2dOptions,
  describeConv2d,
  describeFromShapes,
  onnxPadding,
  type ShapedTensor,
  type TensorConv2dOptions,
} from "../src/describe.ts";

const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (!isConvError(error)) throw error;
    expect(error).toBeInstanceOf(TypeError);
    return error.code;
  }
  return "accepted";
};
const base: Conv2dOptions = { inputChannels: 6, outputChannels: 4, input: [27, 37], kernel: [3, 5] };
// Wrong on purpose, so without types.
const withOption = (changes: object) => () => describeConv2d({ ...base, ...changes } as Conv2dOptions);

describe("describeConv2d", () => {
  test("fills in the defaults and computes the output", () => {
    expect(describeConv2d(base)).toEqual({
      ...{ dtype: "float32", n: 1, ic: 6, ih: 27, iw: 37, oc: 4, oh: 25, ow: 33, kh: 3, kw: 5 },
      ...{ sh: 1, sw: 1, dh: 1, dw: 1, pt: 0, pb: 0, pl: 0, pr: 0, groups: 1, bias: false, macs: 4 * 25 * 33 * 6 * 15 },
    });
  });

  test("keeps the order top, bottom, left, right and height, width", () => {
    const p = describeConv2d({
      ...base,
      padding: [1, 2, 3, 4],
      strides: [2, 3],
      dilations: [4, 5],
      groups: 2,
      bias: true,
    });
    expect(p).toMatchObject({ pt: 1, pb: 2, pl: 3, pr: 4, sh: 2, sw: 3, dh: 4, dw: 5, groups: 2, bias: true });
    expect([p.oh, p.ow]).toEqual([Math.floor((27 + 3 - 9) / 2) + 1, Math.floor((37 + 7 - 21) / 3) + 1]);
    expect(p.macs).toBe(4 * p.oh * p.ow * 3 * 15);
  });

  test("takes one number for both axes and for all sides", () => {
    expect(withOption({ strides: 2, dilations: 3, padding: 4 })()).toEqual(
      withOption({ strides: [2, 2], dilations: [3, 3], padding: [4, 4, 4, 4] })(),
    );
    expect(withOption({ padding: "valid" })()).toEqual(describeConv2d(base));
  });

  test("normalises the activation, by name or with parameters", () => {
    expect(withOption({ activation: "none" })()).toEqual(describeConv2d(base));
    expect(withOption({ activation: "leaky-relu" })().activation).toEqual({ kind: "leaky-relu", alpha: 0.01 });
    expect(withOption({ activation: { kind: "clip", max: 6 } })().activation).toEqual({ kind: "clip", max: 6 });
  });

  test("the problem is frozen and owes nothing to its options", () => {
    const activation = { kind: "elu", alpha: 1 } as const;
    const p = describeConv2d({ ...base, activation });
    expect(Object.isFrozen(p) && Object.isFrozen(p.activation)).toBe(true);
    expect(p.activation).not.toBe(activation);
  });

  test.each([
    ["same-upper", [0, 1]],
    ["same-lower", [1, 0]],
  ] as const)("%s puts an odd row at the %s end", (padding, ends) => {
    // in 6, stride 1, kernel 2: a total of 1.
    const p = describeConv2d({ ...base, input: [6, 6], kernel: [2, 2], padding });
    expect([p.pt, p.pb, p.pl, p.pr]).toEqual([...ends, ...ends]);
  });

  test("same padding gives ceil(in / stride), with less padding than the dilated kernel", () => {
    const small = fc.integer({ min: 1, max: 40 });
    const options = fc.record({
      ...{ input: fc.tuple(small, small), kernel: fc.tuple(small, small), strides: fc.tuple(small, small) },
      ...{ dilations: fc.tuple(small, small), padding: fc.constantFrom("same-upper" as const, "same-lower" as const) },
    });
    fc.assert(
      fc.property(options, (window) => {
        const p = describeConv2d({ ...base, ...window });
        expect([p.oh, p.ow]).toEqual([Math.ceil(p.ih / p.sh), Math.ceil(p.iw / p.sw)]);
        const [more, less] = window.padding === "same-upper" ? [p.pb, p.pt] : [p.pt, p.pb];
        expect(more - less === 0 || more - less === 1).toBe(true);
        expect(p.pt + p.pb).toBeLessThanOrEqual(p.dh * (p.kh - 1));
      }),
    );
  });

  test("a fractional output is rounded down", () => {
    expect(describeConv2d({ ...base, strides: [7, 11] })).toMatchObject({ oh: 4, ow: 3 });
  });

  test.each([
    [{ batch: 0 }, "argument.shape"],
    [{ batch: 1.5 }, "argument.shape"],
    [{ inputChannels: 0 }, "argument.shape"],
    [{ outputChannels: -1 }, "argument.shape"],
    [{ inputChannels: undefined }, "argument.shape"],
    [{ input: [0, 7] }, "argument.shape"],
    [{ input: [7] }, "argument.shape"],
    [{ input: undefined }, "argument.shape"],
    [{ kernel: [3, 0] }, "argument.shape"],
    [{ kernel: [3, "3"] }, "argument.shape"],
    [{ strides: [1] }, "argument.strides"],
    [{ strides: [1, 1, 1] }, "argument.strides"],
    [{ strides: 0 }, "argument.strides"],
    [{ strides: [-1, 1] }, "argument.strides"],
    [{ strides: Number.NaN }, "argument.strides"],
    [{ dilations: [1, 1, 1, 1] }, "argument.dilations"],
    [{ dilations: [0, 1] }, "argument.dilations"],
    [{ dilations: Number.POSITIVE_INFINITY }, "argument.dilations"],
    [{ padding: [1, 1] }, "argument.padding"],
    [{ padding: [-1, 1, 1, 1] }, "argument.padding"],
    [{ padding: 0.5 }, "argument.padding"],
    [{ padding: "same" }, "argument.padding"],
    [{ padding: { top: 1 } }, "argument.padding"],
    [{ groups: 0 }, "argument.groups"],
    [{ groups: 4 }, "argument.groups"],
    [{ groups: 3 }, "argument.groups"],
    [{ bias: [1, 2, 3, 4] }, "argument.bias"],
    [{ activation: "gelu" }, "argument.activation"],
    [{ autoPad: "same-upper" }, "argument.name"],
    [{ stride: 2 }, "argument.name"],
    [{ kernel: [28, 1] }, "argument.kernel-exceeds-input"],
    [{ kernel: [2, 3], dilations: [1, 19] }, "argument.kernel-exceeds-input"],
  ])("refuses %j with %s", (changes, code) => {
    expect(codeOf(withOption(changes))).toBe(code);
  });

  test("refuses options that are not an object", () => {
    for (const value of [undefined, null, 3, [base]]) {
      expect(codeOf(() => describeConv2d(value as unknown as Conv2dOptions))).toBe("argument.format");
    }
  });

  test("an output of exactly one element is accepted, one less is not", () => {
    expect(describeConv2d({ ...base, kernel: [27, 37] })).toMatchObject({ oh: 1, ow: 1 });
    expect(describeConv2d({ ...base, kernel: [29, 37], padding: [1, 1, 0, 0] })).toMatchObject({ oh: 1, ow: 1 });
    expect(codeOf(withOption({ kernel: [30, 37], padding: [1, 1, 0, 0] }))).toBe("argument.kernel-exceeds-input");
  });

  test("the message names kernel, dilation and input", () => {
    expect(() => describeConv2d({ ...base, kernel: [7, 7], dilations: 5, input: [11, 11] }, "layer conv1")).toThrow(
      "layer conv1: the kernel 7x7 (dilation 5x5, so 31x31) does not fit the padded input 11x11",
    );
  });
});

describe("sizes beyond 2^53 are refused before anything is allocated", () => {
  test.each([
    ["a size itself", { batch: 2 ** 53 }],
    ["the input", { batch: 2 ** 40 }],
    ["the filter", { inputChannels: 2 ** 24, outputChannels: 2 ** 24, kernel: [1, 9], input: [1, 9] }],
    ["the output", { outputChannels: 2 ** 43 }],
    ["the dilated kernel", { dilations: [2 ** 52, 1], kernel: [7, 1] }],
    ["the padded input", { padding: [2 ** 53 - 2, 0, 0, 0] }],
    ["the padded area", { padding: 2 ** 26 }],
    ["the patch matrix of im2col", { inputChannels: 2 ** 20, input: [2 ** 12, 2 ** 12], kernel: [2 ** 6, 2 ** 6] }],
    ["the products of all taps", { outputChannels: 2 ** 23, input: [2 ** 9, 2 ** 9], kernel: [2 ** 9, 2 ** 9] }],
    ["same padding", { padding: "same-upper", dilations: 2 ** 51, kernel: [7, 7] }],
  ])("%s", (_, changes) => {
    expect(codeOf(withOption(changes))).toBe("argument.overflow");
  });

  test("the largest that still fits is accepted", () => {
    const p = withOption({ batch: 2 ** 49 - 1, inputChannels: 1, outputChannels: 1, input: [1, 1], kernel: [1, 1] })();
    expect(p.macs).toBe(2 ** 49 - 1);
  });
});

describe("describeFromShapes", () => {
  const input = { shape: [2, 6, 27, 37] };
  const filter = { shape: [4, 3, 3, 5] };
  type Options = Parameters<typeof describeFromShapes>[2];
  const call = (options: object, x: object = input, w: object = filter) =>
    describeFromShapes(x as typeof input, w as typeof filter, options as Options);

  test("reads every layout as the same problem", () => {
    const size = { n: 2, c: 6, h: 27, w: 37 } as Record<string, number>;
    const weights = { o: 4, i: 3, h: 3, w: 5 } as Record<string, number>;
    const shape = (layout: string, sizes: Record<string, number>) => ({
      shape: [...layout].map((axis) => sizes[axis]),
    });
    const expected = describeConv2d({ ...base, batch: 2, groups: 2, strides: 2 });
    for (const inputLayout of ["nchw", "nhwc"]) {
      for (const filterLayout of ["oihw", "hwio", "ohwi", "ihwo"]) {
        const options = { inputLayout, filterLayout, groups: 2, strides: 2 };
        expect(call(options, shape(inputLayout, size), shape(filterLayout, weights))).toEqual(expected);
      }
    }
  });

  test("bias and slopes are checked and noted", () => {
    expect(call({ groups: 2, bias: { shape: [4] } }).bias).toBe(true);
    for (const shape of [[1], [4], [4, 1, 1], [1, 4, 1, 1], [1, 1, 1, 4], [1, 1]]) {
      expect(call({ groups: 2, activation: "prelu", slopes: { shape } }).activation).toEqual({ kind: "prelu" });
    }
  });

  test.each([
    [{}, "argument.groups", "filter has the wrong number of input channels"],
    [{ groups: 0 }, "argument.groups", "integer >= 1"],
    [{ groups: 5 }, "argument.groups", "do not divide the input channels"],
    [{ groups: 2, bias: { shape: [3] } }, "argument.bias", "wanted [4]"],
    [{ groups: 2, bias: { shape: [1, 4] } }, "argument.bias", "got [1, 4]"],
    [{ groups: 2, bias: { shape: [4], dtype: "float64" } }, "argument.dtype", "bias"],
    [{ groups: 2, slopes: { shape: [4] } }, "argument.slopes", "not asked for"],
    [{ groups: 2, activation: "prelu" }, "argument.slopes", "needs slopes"],
    [{ groups: 2, activation: "prelu", slopes: { shape: [3] } }, "argument.slopes", "[1] or [4]"],
    [{ groups: 2, activation: "prelu", slopes: { shape: [4, 4] } }, "argument.slopes", "got [4, 4]"],
    [{ groups: 2, inputLayout: "NCHW" }, "argument.layout", "nchw, nhwc"],
    [{ groups: 2, filterLayout: "oiwh" }, "argument.layout", "oihw, hwio, ohwi, ihwo"],
    [{ groups: 2, dilation: 2 }, "argument.name", "dilations"],
  ])("refuses %j with %s", (options, code, words) => {
    expect(codeOf(() => call(options))).toBe(code);
    expect(() => call(options)).toThrow(words);
  });

  test("each of the four rules of groups has its own message", () => {
    const messages = [
      () => call({ groups: 0 }),
      () => call({ groups: 4 }),
      () => call({ groups: 3 }),
      () => call({ groups: 3 }, input, { shape: [4, 2, 3, 5] }),
    ].map((wrong) => {
      expect(codeOf(wrong)).toBe("argument.groups");
      try {
        return wrong();
      } catch (error) {
        return (error as Error).message.split(";")[0];
      }
    });
    expect(new Set(messages).size).toBe(4);
  });

  test.each([
    [{ shape: [6, 27, 37] }, filter, "argument.rank"],
    [input, { shape: [4, 3, 3] }, "argument.rank"],
    [{ shape: [0, 6, 27, 37] }, filter, "argument.shape"],
    [{ shape: [1, 6, 0, 37] }, filter, "argument.shape"],
    [input, { shape: [4, 0, 3, 5] }, "argument.shape"],
    [{}, filter, "argument.shape"],
    [{ ...input, dtype: "float64" }, filter, "argument.dtype"],
    [{ ...input, dataType: "int32" }, { ...filter, dataType: "int32" }, "argument.dtype"],
    [input, { ...filter, dtype: "float16" }, "argument.dtype"],
  ])("refuses input %j and filter %j with %s", (x, w, code) => {
    expect(codeOf(() => call({ groups: 2 }, x, w))).toBe(code);
  });

  test("a bias of the wrong shape, with a filter read as hwio", () => {
    const [x, w] = [{ shape: [1, 1, 5, 5] }, { shape: [2, 2, 1, 1] }];
    const options = { filterLayout: "hwio", bias: { shape: [2] } } as const;
    expect(codeOf(() => call(options, x, w))).toBe("argument.bias");
  });
});

test("onnxPadding reorders begins and ends", () => {
  expect(onnxPadding([1, 2, 3, 4])).toEqual([1, 3, 2, 4]);
  expect(codeOf(() => onnxPadding([1, 2, 3, -4]))).toBe("argument.padding");
});

const conformance = join(import.meta.dirname, "../../../../shared/conformance");

// Cases of other projects: where the folder is not beside the checkout, one skipped test per file says so.
describe.skipIf(!existsSync(conformance))("WebNN's validation cases, in ../shared/conformance", () => {
  interface Case {
    readonly name: string;
    readonly input: ShapedTensor;
    readonly filter: ShapedTensor;
    readonly options: TensorConv2dOptions;
    readonly expectedShape: readonly number[];
  }
  const read = (name: string): Case[] => {
    const path = join(conformance, name);
    if (!existsSync(path))
      return [{ name: "no cases", input: { shape: [] }, filter: { shape: [] }, options: {}, expectedShape: [] }];
    return JSON.parse(readFileSync(path, "utf8")).cases;
  };

  test.each(read("conv2d-invalid.json"))("refuses: $name", ({ input, filter, options }) => {
    expect(codeOf(() => describeFromShapes(input, filter, options))).toMatch(/^argument\./);
  });

  test.each(read("conv2d-valid-shapes.json"))("accepts: $name", ({ input, filter, options, expectedShape }) => {
    const p = describeFromShapes(input, filter, options);
    const [n, c, h, w] = (options.inputLayout ?? "nchw") === "nchw" ? [0, 1, 2, 3] : [0, 3, 1, 2];
    expect([p.n, p.oc, p.oh, p.ow]).toEqual([n, c, h, w].map((axis) => expectedShape[axis]));
  });
});
