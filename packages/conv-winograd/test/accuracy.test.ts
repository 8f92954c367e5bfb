import { type ConvAlgorithm, type ConvProblem, directSums, type ErrorClass, parseProblem } from "@leanconv/conv";
import { directAt, errorBound } from "@leanconv/conv-direct";
import { referenceGemm } from "@leanconv/gemm";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { filterView, imageView } from "@leanconv/tensor";
import { randomFrom } from "@leanconv/testing";
import { describe, expect, test } from "vitest";
import { winogradF2, winogradF4 } from "../src/index.ts";
import { runAlgorithm } from "./run.ts";

const algorithms = [winogradF2, winogradF4];
const problem = parseProblem("ic24ih13iw11oc10kh3ph1");

type Fill = (random: () => number, index: number) => number;
const uniform: Fill = (random) => 2 * random() - 1;
/** 2^-20 to 2^20, as likely as each other. */
const spread: Fill = (random) => (2 * random() - 1) * 2 ** (40 * random() - 20);

/** Tensors that transforms are worst at, and ordinary ones. */
const hard: Readonly<Record<string, { readonly input: Fill; readonly filter: Fill }>> = {
  "uniform numbers": { input: uniform, filter: uniform },
  "widely spread magnitudes": { input: spread, filter: spread },
  // Taps of a Laplacian on a large constant: sums of 10^4 that cancel down to the noise.
  "large cancellations": {
    input: (random) => 1e4 + random(),
    filter: (_, index) => (index % 9 === 4 ? 1 : -1 / 8),
  },
  "signs that alternate, where the transforms add them up": {
    input: (_, index) => (((index % 11) + Math.floor(index / 11)) % 2 === 0 ? 1 : -1),
    filter: (_, index) => (index % 2 === 0 ? 1 : -1),
  },
  "one huge element": { input: (_, index) => (index === 70 ? 1e6 : 1e-3), filter: uniform },
};

interface Errors {
  /** The largest part of its bound that an error takes. */
  readonly worst: number;
  readonly rms: number;
}

function errorsOf(
  p: ConvProblem,
  errors: ErrorClass,
  got: Float32Array,
  input: Float32Array,
  filter: Float32Array,
): Errors {
  const operands = {
    input: imageView(input, [1, p.ic, p.ih, p.iw], "nchw"),
    filter: filterView(filter, [p.oc, p.ic, 3, 3], "oihw"),
  };
  let [worst, squares] = [0, 0];
  got.forEach((value, at) => {
    const [oc, y, x] = [Math.floor(at / (p.oh * p.ow)), Math.floor(at / p.ow) % p.oh, at % p.ow];
    const { value: want, magnitude } = directAt(p, operands, 0, oc, y, x, errors.tile);
    const error = Math.abs(value - want);
    worst = Math.max(worst, error / errorBound(p, magnitude, 1, errors));
    squares += error * error;
  });
  return { worst, rms: Math.sqrt(squares / got.length) };
}

/** Float32 sums in the order of the definition, rounded after every operation. */
function directFloat32(p: ConvProblem, input: Float32Array, filter: Float32Array): Float32Array {
  const output = new Float32Array(p.oc * p.oh * p.ow);
  for (let at = 0; at < output.length; at++) {
    const [oc, y, x] = [Math.floor(at / (p.oh * p.ow)), Math.floor(at / p.ow) % p.oh, at % p.ow];
    for (let tap = 0; tap < 9; tap++) {
      const [iy, ix] = [y - p.pt + Math.floor(tap / 3), x - p.pl + (tap % 3)];
      if (iy < 0 || iy >= p.ih || ix < 0 || ix >= p.iw) continue;
      for (let c = 0; c < p.ic; c++) {
        const product = Math.fround(input[(c * p.ih + iy) * p.iw + ix] * filter[(oc * p.ic + c) * 9 + tap]);
        output[at] += product;
      }
    }
  }
  return output;
}

const tensors = (name: string): { readonly input: Float32Array; readonly filter: Float32Array } => {
  const random = randomFrom(7);
  const { input, filter } = hard[name];
  return {
    input: new Float32Array(problem.ic * problem.ih * problem.iw).map((_, i) => input(random, i)),
    filter: new Float32Array(problem.oc * problem.ic * 9).map((_, i) => filter(random, i)),
  };
};

describe.each(algorithms)("$name", (algorithm: ConvAlgorithm) => {
  test.each(Object.keys(hard))("keeps its bound on %s", async (name) => {
    const { input, filter } = tensors(name);
    using wasm = await wasmGemm();
    for (const provider of [referenceGemm(), wasm]) {
      for (const layout of ["nchw", "nhwc"] as const) {
        const got = await runAlgorithm(algorithm, problem, provider, input, filter, layout);
        const { worst } = errorsOf(problem, algorithm.errorClass, got, input, filter);
        expect(worst, `${provider.name} ${layout}`).toBeLessThanOrEqual(1);
      }
    }
  });

  test("the bound would notice one wrong tap", async () => {
    const { input, filter } = tensors("uniform numbers");
    using wasm = await wasmGemm();
    const wrong = filter.slice();
    wrong[4] += 0.5;
    const got = await runAlgorithm(algorithm, problem, wasm, input, wrong);
    expect(errorsOf(problem, algorithm.errorClass, got, input, filter).worst).toBeGreaterThan(1);
  });
});

test("on uniform numbers F2 is as accurate as float32 sums, and F4 within 20 times", async () => {
  const { input, filter } = tensors("uniform numbers");
  using wasm = await wasmGemm();
  const direct = errorsOf(problem, directSums, directFloat32(problem, input, filter), input, filter).rms;
  const [f2, f4] = await Promise.all(
    algorithms.map(async (one) => {
      const got = await runAlgorithm(one, problem, wasm, input, filter);
      return errorsOf(problem, one.errorClass, got, input, filter).rms;
    }),
  );
  expect(f2).toBeLessThan(1.2 * direct);
  expect(f4).toBeLessThan(20 * direct);
  expect(f4).toBeGreaterThan(f2);
});

test("amplifications are those that the page derives", () => {
  expect(winogradF2.errorClass.amplification).toBe(16);
  expect(winogradF4.errorClass.amplification).toBeCloseTo((88 / 3) ** 2, 6);
});
