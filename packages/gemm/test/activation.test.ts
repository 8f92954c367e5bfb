import { type Activation, activationFunction, activationKinds, normaliseActivation } from "@leanconv/gemm";
import { sampleActivations } from "@leanconv/testing";
import { describe, expect, test } from "vitest";

const apply = (activation: Activation, value: number, slope = 0): number =>
  activationFunction(activation)(value, slope);

describe("activation functions", () => {
  const values: [Activation, number[]][] = [
    [{ kind: "relu" }, [0, 0, 0, 0.5, 9]],
    [{ kind: "relu6" }, [0, 0, 0, 0.5, 6]],
    [{ kind: "clip", min: -1, max: 3 }, [-1, -0.5, 0, 0.5, 3]],
    [{ kind: "clip" }, [-9, -0.5, 0, 0.5, 9]],
    [{ kind: "leaky-relu", alpha: 0.25 }, [-2.25, -0.125, 0, 0.5, 9]],
    [{ kind: "prelu" }, [-18, -1, 0, 0.5, 9]],
    [{ kind: "elu", alpha: 2 }, [2 * (Math.exp(-9) - 1), 2 * (Math.exp(-0.5) - 1), 0, 0.5, 9]],
    [{ kind: "sigmoid" }, [-9, -0.5, 0, 0.5, 9].map((x) => 1 / (1 + Math.exp(-x)))],
    [{ kind: "hard-sigmoid", alpha: 0.2, beta: 0.5 }, [0, 0.4, 0.5, 0.6, 1]],
    [{ kind: "hard-swish" }, [0, (-0.5 * 2.5) / 6, 0, (0.5 * 3.5) / 6, 9]],
    [{ kind: "tanh" }, [-9, -0.5, 0, 0.5, 9].map(Math.tanh)],
  ];

  test.each(values)("%o", (activation, expected) => {
    [-9, -0.5, 0, 0.5, 9].forEach((value, i) => {
      expect(apply(activation, value, 2)).toBeCloseTo(expected[i], 12);
    });
  });

  test("every kind is among the samples of the kit, and none is the identity", () => {
    expect(new Set(sampleActivations.flatMap((activation) => activation?.kind ?? []))).toEqual(
      new Set(activationKinds),
    );
    expect(activationFunction(undefined)(-3.5, 9)).toBe(-3.5);
  });

  test.each(values)("%o keeps NaN", (activation) => {
    expect(apply(activation, Number.NaN, 2)).toBeNaN();
  });

  test("far values saturate instead of overflowing", () => {
    expect(apply({ kind: "sigmoid" }, -1e4)).toBe(0);
    expect(apply({ kind: "sigmoid" }, 1e4)).toBe(1);
    expect(apply({ kind: "elu", alpha: 1 }, -1e4)).toBe(-1);
    expect(apply({ kind: "hard-swish" }, -1e30)).toBeCloseTo(0);
  });

  test("tiny negative values keep their digits", () => {
    expect(apply({ kind: "elu", alpha: 1 }, -1e-10)).toBeCloseTo(-1e-10, 20);
  });
});

describe("normaliseActivation", () => {
  test("completes names with the usual defaults", () => {
    expect(normaliseActivation("relu", "x")).toEqual({ kind: "relu" });
    expect(normaliseActivation("leaky-relu", "x")).toEqual({ kind: "leaky-relu", alpha: 0.01 });
    expect(normaliseActivation("elu", "x")).toEqual({ kind: "elu", alpha: 1 });
    expect(normaliseActivation({ kind: "elu", alpha: 3 }, "x")).toEqual({ kind: "elu", alpha: 3 });
    expect(normaliseActivation({ kind: "hard-sigmoid", beta: 0 }, "x")).toEqual({
      kind: "hard-sigmoid",
      alpha: 0.2,
      beta: 0,
    });
    expect(normaliseActivation("clip", "x")).toEqual({ kind: "clip" });
  });

  test("none, null and undefined are none", () => {
    for (const none of ["none", undefined, { kind: "none" }, null] as const) {
      expect(normaliseActivation(none as undefined, "x")).toBeUndefined();
    }
  });

  test("drops parameters that do not belong and bounds that do not bound, so that the result survives JSON", () => {
    expect(normaliseActivation({ kind: "relu", alpha: 4 } as { kind: "relu" }, "x")).toEqual({ kind: "relu" });
    const open = normaliseActivation({ kind: "clip", min: Number.NEGATIVE_INFINITY, max: 6 }, "x");
    expect(open).toEqual({ kind: "clip", max: 6 });
    expect(JSON.parse(JSON.stringify(open))).toEqual(open);
  });

  test.each([
    ["swish", /unknown activation; got swish/],
    [{ kind: "clip", min: 2, max: 1 }, /min is above max/],
    [{ kind: "elu", alpha: Number.NaN }, /alpha must be a number/],
    [{ kind: "leaky-relu", alpha: "0.1" }, /alpha must be a number/],
  ])("refuses %o", (value, message) => {
    const normalise = (): unknown => normaliseActivation(value as "relu", "layer conv1");
    expect(normalise).toThrowError(expect.objectContaining({ code: "argument.activation" }));
    expect(normalise).toThrowError(message);
    expect(normalise).toThrowError(/^layer conv1: /);
  });
});
