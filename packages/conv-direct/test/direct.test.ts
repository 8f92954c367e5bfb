import { type ConvProblem, describeConv2d, parseProblem } from "@leanconv/conv";
import { isConvError } from "@leanconv/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DirectOperands, type DirectView, directAt, directConv2d } from "../src/index.ts";
import { dense, elements, integers } from "./views.ts";

const shapes = (p: ConvProblem) => ({
  input: [p.n, p.ic, p.ih, p.iw],
  filter: [p.oc, p.ic / p.groups, p.kh, p.kw],
  output: [p.n, p.oc, p.oh, p.ow],
});

/** Dense operands of small integers, and a NaN-filled output. */
function operandsOf(p: ConvProblem, seed = 1): DirectOperands & { output: DirectView } {
  const { input, filter, output } = shapes(p);
  return {
    input: dense(integers(elements(input), seed), input),
    filter: dense(integers(elements(filter), seed + 1), filter, "oihw"),
    ...(p.bias && { bias: integers(p.oc, seed + 2) }),
    ...(p.activation?.kind === "prelu" && { slopes: integers(p.oc, seed + 3) }),
    output: dense(new Float64Array(elements(output)).fill(Number.NaN), output),
  };
}

function run(p: ConvProblem, operands = operandsOf(p)): number[] {
  directConv2d(p, operands);
  return [...operands.output.data];
}

/** Another way to the same sums: scatters every input element into the outputs it reaches. */
function scattered(p: ConvProblem, { input, filter }: DirectOperands): number[] {
  const out: number[] = new Array(p.n * p.oc * p.oh * p.ow).fill(0);
  const [icg, ocg] = [p.ic / p.groups, p.oc / p.groups];
  for (const [at, x] of input.data.entries()) {
    const [ix, iy, c, n] = [
      at % p.iw,
      Math.floor(at / p.iw) % p.ih,
      Math.floor(at / (p.iw * p.ih)) % p.ic,
      Math.floor(at / (p.iw * p.ih * p.ic)),
    ];
    for (const [wAt, w] of filter.data.entries()) {
      const [kx, ky, i, o] = [
        wAt % p.kw,
        Math.floor(wAt / p.kw) % p.kh,
        Math.floor(wAt / (p.kw * p.kh)) % icg,
        Math.floor(wAt / (p.kw * p.kh * icg)),
      ];
      if (c !== Math.floor(o / ocg) * icg + i) continue;
      const [oy, ox] = [(iy + p.pt - ky * p.dh) / p.sh, (ix + p.pl - kx * p.dw) / p.sw];
      if (!Number.isInteger(oy) || !Number.isInteger(ox) || oy < 0 || ox < 0 || oy >= p.oh || ox >= p.ow) continue;
      out[((n * p.oc + o) * p.oh + oy) * p.ow + ox] += w * x;
    }
  }
  return out;
}

describe("directConv2d", () => {
  test("a worked example: 3x3 input, 2x2 kernel, one row of padding above", () => {
    const p = parseProblem("ic1ih3oc1kh2pt1+bias");
    const input = dense(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), [1, 1, 3, 3]);
    const filter = dense(Float32Array.of(1, 10, 100, 1000), [1, 1, 2, 2], "oihw");
    const output = dense(new Float32Array(6), [1, 1, 3, 2]);
    directConv2d(p, { input, filter, bias: [0.5], output });
    expect([...output.data]).toEqual([2100.5, 3200.5, 5421.5, 6532.5, 8754.5, 9865.5]);
  });

  test.each([
    "ic3ih5iw7oc2kh3kw2",
    "n2ic3ih7iw5oc4kh2kw3sh2sw3pt1pr2",
    "ic2ih11iw9oc3kh3dh3dw2ph2pw1",
    "n3ic6ih5iw7oc4kh3g2ph1",
    "ic5ih7iw7oc5kh3g5ph1sh2",
    "ic5ih4iw3oc10kh1g5",
    "ic2ih3iw4oc2kh2pt5pb4pl3pr6",
    "ic1ih1iw13oc3kh1kw5",
    "ic2ih5iw4oc3kh5kw4",
  ])("%s equals the scattered sums", (text) => {
    const p = parseProblem(text);
    const operands = operandsOf(p);
    expect(run(p, operands)).toEqual(scattered(p, operands));
  });

  test("every layout, crops, mirrors and repeated rows are strides", () => {
    const p = parseProblem("n2ic3ih5iw4oc4kh3kw2ph1");
    const plain = operandsOf(p);
    const { input, filter, output } = shapes(p);
    const expected = run(p, plain);
    const copy = (from: DirectView, to: DirectView): DirectView => {
      const index = (view: DirectView, at: number[]) =>
        at.reduce((sum, position, axis) => sum + position * view.stride[axis], view.offset);
      for (let at = 0; at < elements(from.shape); at++) {
        let rest = at;
        const position: number[] = [];
        for (const size of [...from.shape].reverse()) {
          position.unshift(rest % size);
          rest = Math.floor(rest / size);
        }
        to.data[index(to, position)] = from.data[index(from, position)];
      }
      return to;
    };
    for (const filterLayout of ["hwio", "ohwi", "ihwo"]) {
      const nhwc = dense(new Float32Array(elements(input)), input, "nchw", "nhwc");
      const out = dense(new Float32Array(elements(output)), output, "nchw", "nhwc");
      const weights = dense(new Float32Array(elements(filter)), filter, "oihw", filterLayout);
      directConv2d(p, { input: copy(plain.input, nhwc), filter: copy(plain.filter, weights), output: out });
      expect([...copy(out, dense(new Float32Array(elements(output)), output)).data]).toEqual(expected);
    }
    // Mirrored twice in memory, inside a larger tensor.
    const [sn, sc, sh, sw] = [3 * 8 * 9, 8 * 9, -9, -1];
    const mirrored: DirectView = { data: new Float32Array(2 * sn), shape: input, stride: [sn, sc, sh, sw], offset: 60 };
    expect(run(p, { ...operandsOf(p), input: copy(plain.input, mirrored) })).toEqual(expected);
  });

  test("writes every output and nothing between them", () => {
    const p = parseProblem("ic2ih5iw4oc3kh3kw2");
    const { output } = shapes(p);
    const data = new Float64Array(3 * 40).fill(Number.NaN);
    directConv2d(p, { ...operandsOf(p), output: { data, shape: output, stride: [0, 40, 10, 2], offset: 5 } });
    const written = [...data.keys()].filter((at) => !Number.isNaN(data[at]));
    expect(written).toHaveLength(elements(output));
    expect(written.every((at) => (at % 40) - 5 <= 2 * 10 + 2 * 2 && at % 2 === 1)).toBe(true);
  });

  test("the stored value is rounded once", () => {
    const p = parseProblem("ic3ih1oc1kh1");
    const input = dense(Float32Array.of(1, 2 ** -24, 2 ** -24), [1, 3, 1, 1]);
    const operands = { input, filter: dense(Float32Array.of(1, 1, 1), [1, 3, 1, 1], "oihw") };
    const output = dense(new Float32Array(1), [1, 1, 1, 1]);
    directConv2d(p, { ...operands, output });
    expect(output.data[0]).toBe(1 + 2 ** -23);
  });

  test("an infinite weight over padding contributes nothing, NaN inside the image does", () => {
    const p = parseProblem("ic1ih1oc1kh1kw2iw2pl1");
    const filter = dense(Float32Array.of(Number.POSITIVE_INFINITY, 1), [1, 1, 1, 2], "oihw");
    const input = dense(Float32Array.of(3, Number.NaN), [1, 1, 1, 2]);
    expect(run(p, { ...operandsOf(p), filter, input })).toEqual([3, Number.NaN]);
  });
});

describe("laws", () => {
  const size = fc.integer({ min: 1, max: 5 });
  const pad = fc.integer({ min: 0, max: 3 });
  const problems = fc
    .record({
      ...{ icg: size, ocg: size, groups: fc.constantFrom(1, 2, 3), kh: fc.integer({ min: 1, max: 3 }), kw: size },
      ...{
        more: fc.tuple(size, size),
        strides: fc.tuple(size, size),
        dilations: fc.constantFrom([1, 1], [2, 1], [1, 3]),
      },
      ...{ padding: fc.tuple(pad, pad, pad, pad), batch: fc.constantFrom(1, 2), bias: fc.boolean() },
    })
    .map(({ icg, ocg, groups, kh, kw, more, dilations, ...rest }) =>
      describeConv2d({
        ...{ ...rest, inputChannels: icg * groups, outputChannels: ocg * groups, groups, kernel: [kh, kw] },
        dilations: [dilations[0], dilations[1]],
        input: [(kh - 1) * dilations[0] + more[0], (kw - 1) * dilations[1] + more[1]],
      }),
    );

  test("equals the scattered sums", () => {
    fc.assert(
      fc.property(problems, fc.nat(), (p, seed) => {
        const operands = operandsOf(p, seed);
        const sums = scattered(p, operands);
        const pixels = p.oh * p.ow;
        const expected = sums.map((sum, at) => sum + (operands.bias?.[Math.floor(at / pixels) % p.oc] ?? 0));
        expect(run(p, operands)).toEqual(expected.map((value) => value + 0));
      }),
      { numRuns: 60 },
    );
  });

  test("directAt is the same value, and its magnitude is that of positive operands", () => {
    fc.assert(
      fc.property(problems, fc.nat(), fc.nat(), (p, seed, at) => {
        const operands = operandsOf(p, seed);
        const all = run(p, operands);
        const position = at % all.length;
        const [ox, oy] = [position % p.ow, Math.floor(position / p.ow) % p.oh];
        const oc = Math.floor(position / (p.ow * p.oh)) % p.oc;
        const n = Math.floor(position / (p.ow * p.oh * p.oc));
        const point = directAt(p, operands, n, oc, oy, ox);
        expect(point.value).toBe(all[position]);
        const positive = (view: DirectView) => ({ ...view, data: view.data.map(Math.abs) });
        const { input, filter, bias, output } = operands;
        const absolute = {
          ...{ input: positive(input), filter: positive(filter), output },
          ...(bias && { bias: Array.from(bias, Math.abs) }),
        };
        expect(point.magnitude).toBe(run(p, absolute)[position]);
      }),
      { numRuns: 60 },
    );
  });

  test("a kernel of a single one shifts the image", () => {
    const p = parseProblem("ic1ih5iw7oc1kh3kw3ph1");
    const operands = operandsOf(p);
    const filter = dense(Float32Array.of(0, 0, 0, 0, 0, 0, 1, 0, 0), [1, 1, 3, 3], "oihw");
    const out = run(p, { ...operands, filter });
    const x = (row: number, column: number) => (row > 4 || column < 0 ? 0 : operands.input.data[row * 7 + column]);
    expect(out).toEqual(Array.from({ length: 35 }, (_, at) => x(Math.floor(at / 7) + 1, (at % 7) - 1) + 0));
  });

  test.each([
    ["relu", [0, 0, 1.5]],
    ["clip(min=-1,max=1)", [-1, -0.5, 1]],
    ["leaky-relu(alpha=0.5)", [-1, -0.25, 1.5]],
    ["elu(alpha=2)", [2 * Math.expm1(-2), 2 * Math.expm1(-0.5), 1.5]],
    ["tanh", [Math.tanh(-2), Math.tanh(-0.5), Math.tanh(1.5)]],
    ["prelu", [-20, -50, 1.5]],
  ])("%s comes after the bias", (activation, expected) => {
    const p = parseProblem(`ic1ih1oc3kh1+bias+${activation}`);
    const filter = dense(Float32Array.of(0, 0, 0), [3, 1, 1, 1], "oihw");
    const slopes = activation === "prelu" ? { slopes: [10, 100, 1000] } : {};
    expect(run(p, { ...operandsOf(p), filter, bias: [-2, -0.5, 1.5], ...slopes })).toEqual(expected);
  });

  test("one slope serves all channels", () => {
    const p = parseProblem("ic2ih3oc3kh1+prelu");
    expect(run(p, { ...operandsOf(p), slopes: [0.5] })).toEqual(run(p, { ...operandsOf(p), slopes: [0.5, 0.5, 0.5] }));
  });
});

describe("refuses", () => {
  const p = parseProblem("ic2ih5iw4oc3kh3kw2+bias+prelu");
  const good = operandsOf(p);
  test.each([
    ["an input of another shape", { input: { ...good.input, shape: [1, 2, 4, 5] } }, "argument.shape"],
    ["a filter without its group axis", { filter: { ...good.filter, shape: [3, 3, 2] } }, "argument.shape"],
    ["data that is too short", { input: { ...good.input, data: new Float32Array(39) } }, "argument.shape"],
    ["a view before its data", { filter: { ...good.filter, stride: [-12, 6, 2, 1] } }, "argument.shape"],
    ["strides that are missing", { input: { ...good.input, stride: [40, 20, 4] } }, "argument.shape"],
    ["an output of another shape", { output: { ...good.output, shape: [1, 3, 3, 2] } }, "argument.shape"],
    ["a missing bias", { bias: undefined }, "argument.bias"],
    ["a bias of the wrong length", { bias: [1, 2] }, "argument.bias"],
    ["missing slopes", { slopes: undefined }, "argument.slopes"],
    ["slopes of the wrong length", { slopes: [1, 2] }, "argument.slopes"],
  ])("%s", (_, changes, code) => {
    expect(codeOf(() => directConv2d(p, { ...good, ...changes }))).toBe(code);
  });

  test("bias and slopes that nobody asked for, and positions outside", () => {
    const plain = parseProblem("ic2ih5iw4oc3kh3kw2");
    expect(codeOf(() => run(plain, { ...operandsOf(plain), bias: [1, 2, 3] }))).toBe("argument.bias");
    expect(codeOf(() => run(plain, { ...operandsOf(plain), slopes: [1] }))).toBe("argument.slopes");
    for (const at of [
      [1, 0, 0, 0],
      [0, 3, 0, 0],
      [0, 0, 0, 3],
      [0, 0, -1, 0],
      [0, 0, 0.5, 0],
    ] as const) {
      expect(codeOf(() => directAt(p, good, ...(at as [number, number, number, number])))).toBe("argument.range");
    }
  });
});

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (isConvError(error)) return error.code;
    throw error;
  }
  return "accepted";
}
