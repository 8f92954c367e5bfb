import { parseProblem } from "@leanconv/conv";
import { activationFunction } from "@leanconv/gemm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directAt, errorBound } from "../src/index.ts";
import { dense } from "./views.ts";

const activations = [
  ...[
    "",
    "+relu",
    "+relu6",
    "+clip(min=-0.1,max=0.7)",
    "+leaky-relu(alpha=-3)",
    "+elu(alpha=2.5)",
    "+sigmoid",
    "+tanh",
  ],
  ...["+hard-sigmoid(alpha=3,beta=40)", "+hard-swish", "+prelu"],
];

describe("errorBound", () => {
  const value = fc.float({ min: -100, max: 100, noNaN: true });
  test.each(activations)("covers float32 sums in any order: %s", (suffix) => {
    const p = parseProblem(`ic7ih3iw2oc1kh3kw2+bias${suffix}`);
    const values = fc.array(value, { minLength: 42, maxLength: 42 });
    fc.assert(
      fc.property(
        values,
        values,
        value,
        value,
        fc.shuffledSubarray([...Array(42).keys()], { minLength: 42 }),
        (x, w, b, slope, order) => {
          const input = dense(Float32Array.from(x), [1, 7, 3, 2]);
          const filter = dense(Float32Array.from(w), [1, 7, 3, 2], "oihw");
          const slopes = p.activation?.kind === "prelu" ? { slopes: [slope] } : {};
          const point = directAt(p, { input, filter, bias: [b], ...slopes }, 0, 0, 0, 0);
          let sum = 0;
          for (const at of order) sum = Math.fround(sum + Math.fround(input.data[at] * filter.data[at]));
          const result = Math.fround(activationFunction(p.activation)(Math.fround(sum + b), slope));
          expect(Math.abs(result - point.value)).toBeLessThanOrEqual(errorBound(p, point.magnitude, slope));
        },
      ),
    );
  });

  test("is far below a missing tap", () => {
    const p = parseProblem("ic64ih3oc1kh3");
    expect(errorBound(p, 576)).toBeLessThan(0.05);
  });

  test("grows with what the activation enlarges", () => {
    const bound = (suffix: string, slope?: number) => errorBound(parseProblem(`ic8ih3oc1kh3${suffix}`), 1, slope);
    expect(bound("+leaky-relu(alpha=5)")).toBeCloseTo(5 * bound(""), 12);
    expect(bound("+prelu", -5)).toBeCloseTo(5 * bound(""), 12);
    expect(bound("+leaky-relu(alpha=0.5)")).toBe(bound(""));
    expect(bound("+sigmoid")).toBeLessThan(bound("+tanh"));
  });

  test("allows underflow but nothing else where all terms vanish", () => {
    const p = parseProblem("ic8ih3oc1kh3");
    expect(errorBound(p, 0)).toBeGreaterThan(0);
    expect(errorBound(p, 0)).toBeLessThan(1e-40);
  });
});
