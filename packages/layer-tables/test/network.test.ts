import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isConvError } from "@leanconv/core";
import { describe, expect, test } from "vitest";
import { network, networkNames } from "../src/index.ts";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

// Layers, millions of multiply-adds, millions of weights.
const totals: readonly (readonly [string, number, number, number])[] = [
  ["alexnet", 5, 665.8, 2.333],
  ["alexnet_ungrouped", 5, 1076.6, 3.746],
  ["vgg16", 13, 15346.6, 14.71],
  ["googlenet", 57, 1581.6, 5.966],
  ["resnet50", 53, 4087.1, 23.455],
  ["mobilenet_v2", 52, 299.5, 2.19],
  ["squeezenet1_1", 26, 387.7, 1.232],
  ["mec", 12, 4407.3, 5.283],
];

test("every network has its totals", () => {
  expect(networkNames).toEqual(totals.map(([name]) => name));
});

describe.each(totals)("%s", (name, layers, mmacs, weights) => {
  const problems = network(name).map(({ problem }) => problem);
  test(`has ${layers} layers, ${mmacs} MMAC and ${weights} M weights`, () => {
    expect(problems).toHaveLength(layers);
    expect(sum(problems.map(({ macs }) => macs)) / 1e6).toBeCloseTo(mmacs, 1);
    expect(sum(problems.map(({ ic, oc, kh, kw, groups }) => (ic / groups) * oc * kh * kw)) / 1e6).toBeCloseTo(
      weights,
      3,
    );
  });

  test("names its layers apart", () => {
    expect(new Set(network(name).map((layer) => layer.name)).size).toBe(layers);
  });
});

describe("bias and activation", () => {
  const activations = (name: string) =>
    Object.groupBy(network(name), ({ problem }) => problem.activation?.kind ?? "none");

  test("every layer has a bias and the network's activation", () => {
    for (const name of networkNames) expect(network(name).every(({ problem }) => problem.bias)).toBe(true);
    expect(Object.keys(activations("vgg16"))).toEqual(["relu"]);
  });

  test("the projections of mobilenet_v2 have none", () => {
    const { none = [], relu6 = [] } = activations("mobilenet_v2");
    expect([none.length, relu6.length]).toEqual([17, 35]);
    expect(none.every(({ name }) => name.endsWith(".project"))).toBe(true);
  });

  test("the convolutions of resnet50 that end in a sum have none", () => {
    const { none = [], relu = [] } = activations("resnet50");
    expect([none.length, relu.length]).toEqual([16 + 4, 33]);
  });

  test("overrides hold for all layers", () => {
    const layers = network("mobilenet_v2", { batch: 3, bias: false, activation: "hard-swish" });
    expect(
      layers.every(({ problem: { n, bias, activation } }) => n === 3 && !bias && activation?.kind === "hard-swish"),
    ).toBe(true);
    expect(network("vgg16", { activation: "none" })[0].problem.activation).toBeUndefined();
    expect(network("vgg16", { bias: undefined, activation: undefined })).toEqual(network("vgg16"));
  });
});

test("a network or an override that does not exist is refused by name", () => {
  const errorOf = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      if (isConvError(error)) return error;
      throw error;
    }
    throw new Error("accepted");
  };
  for (const name of ["vgg-16", "toString"]) {
    const error = errorOf(() => network(name));
    expect(error.code).toBe("argument.name");
    expect(error.message).toContain(networkNames.join(", "));
  }
  expect(errorOf(() => network("vgg16", { activaton: "relu" } as object)).code).toBe("argument.name");
  expect(errorOf(() => network("vgg16", { batch: 0 })).code).toBe("argument.shape");
});

// The table these were carried over from is no part of this project.
const reference = join(import.meta.dirname, "../../../../shared/reference/layers.json");

describe.skipIf(!existsSync(reference))("the reference table, in ../shared/reference", () => {
  test.each(networkNames)("%s is the same layer by layer", (name) => {
    const rows = JSON.parse(readFileSync(reference, "utf8"))[name];
    expect(
      network(name).map(({ name, problem: p }) => ({
        ...{ name, C: p.ic, H: p.ih, W: p.iw, M: p.oc, Kh: p.kh, Kw: p.kw, strideH: p.sh, strideW: p.sw },
        ...{ padTop: p.pt, padLeft: p.pl, padBottom: p.pb, padRight: p.pr },
        ...{ groups: p.groups, dilationH: p.dh, dilationW: p.dw },
      })),
    ).toEqual(rows);
  });
});
