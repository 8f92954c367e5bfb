import { parseProblem, requirements } from "@leanconv/conv";
import { im2col } from "@leanconv/conv-im2col";
import { implicitGemm } from "@leanconv/conv-implicit-gemm";
import { referenceGemm } from "@leanconv/gemm";
import { expect, test } from "vitest";
import { defaultCostModel, type LinearCostTerms, linearCostModel } from "../src/index.ts";
import { product } from "./cost/profiles.ts";

const provider = referenceGemm();
const capabilities = { ...provider.capabilities, mr: 4, nr: 4 };

const layouts = { inputLayout: "nchw", outputLayout: "nchw" } as const;
const terms: LinearCostTerms = {
  name: "by hand",
  flopsPerSecond: {
    plain: { nchw: 1000, nhwc: 500 },
    patch: { nchw: 100, nhwc: 100 },
    panels: { nchw: 100, nhwc: 100 },
  },
  halfRateDepth: 2,
  callSeconds: 3,
  bytesPerSecond: { contiguous: 100, scattered: 20 },
  updateBytesPerSecond: 10,
};
const model = linearCostModel(terms);

const requirementsOf = (text: string, form: string, layout: "nchw" | "nhwc") => {
  const variant = { form, parameters: {}, inputLayout: layout, outputLayout: layout };
  return requirements(im2col.program(parseProblem(text), variant, provider), provider);
};

test("a product costs its rounded tiles, the ramp in k and the call", () => {
  // m 3 -> 4, n 9 -> 12, k 5 + 2: 2 * 48 * 7 flops.
  expect(model.seconds(requirementsOf("ic5ih3oc3kh1", "pointwise", "nchw"), capabilities)).toBeCloseTo(3.672);
  expect(model.seconds(requirementsOf("ic5ih3oc3kh1", "pointwise", "nhwc"), capabilities)).toBeCloseTo(4.344);
  // Two groups are two products.
  expect(model.seconds(requirementsOf("ic10ih3oc6kh1g2", "pointwise", "nchw"), capabilities)).toBeCloseTo(2 * 3.672);
});

test("moves cost their bytes, short runs more", () => {
  const full = requirementsOf("ic1ih2oc1kh1", "full", "nchw");
  const product = model.seconds(requirementsOf("ic1ih2oc1kh1", "pointwise", "nchw"), capabilities);
  // 4 elements read and written in rows of 2: 32 bytes at 1/100, and 16 starts at 1/20 - 1/100.
  expect(model.seconds(full, capabilities)).toBeCloseTo(product + 0.32 + 16 * 0.04);
});

test("reading C again and weights that are not packed have terms of their own", () => {
  const base = { ...product, m: 4, n: 4, k: 2 };
  const seconds = (work: object) => {
    const summary = { gemms: [{ ...base, ...work }], moves: [], macs: 0, movedBytes: 0, phases: 1 };
    return model.seconds({ ...requirementsOf("ic1ih2oc1kh1", "pointwise", "nchw"), summary }, capabilities);
  };
  expect(seconds({ beta: 1 }) - seconds({})).toBeCloseTo(12.8);
  expect(seconds({ packed: false }) - seconds({})).toBeCloseTo(0.64);
  expect(seconds({ batch: 3, count: 2 })).toBeCloseTo(6 * seconds({}));
});

test("grain, elements of B and weights count where they are given", () => {
  const works = { ...product, m: 3, n: 9, k: 5 };
  const zeros = { nchw: 0, nhwc: 0 };
  const finer = linearCostModel({
    ...terms,
    grain: { nchw: { m: 1, n: 3 }, nhwc: { m: 2, n: 1 } },
    elementSeconds: { plain: { nchw: 0.1, nhwc: 0 }, patch: zeros, panels: zeros },
    weightSeconds: 0.01,
  });
  const seconds = (kind: "plain" | "panels", layout: "nchw" | "nhwc") => {
    const summary = { gemms: [{ ...works, kind, layout }], moves: [], macs: 0, movedBytes: 0, phases: 1 };
    return finer.seconds({ ...requirementsOf("ic1ih2oc1kh1", "pointwise", "nchw"), summary }, capabilities);
  };
  expect(seconds("plain", "nchw")).toBeCloseTo(3 + (2 * 3 * 9 * 7) / 1000 + 9 * 5 * 0.1 + 15 * 0.01);
  expect(seconds("plain", "nhwc")).toBeCloseTo(3 + (2 * 4 * 9 * 7) / 500 + 15 * 0.01);
  expect(seconds("panels", "nchw")).toBeCloseTo(3 + (2 * 3 * 12 * 7) / 100 + 15 * 0.01);
});

test("depthwise has a rate of its own where one is given", () => {
  const depthwise = linearCostModel({ ...terms, depthwiseFlopsPerSecond: 50 });
  const needs = requirements(
    implicitGemm.program(parseProblem("ic8ih3oc8kh1g8"), { form: "implicit", parameters: {}, ...layouts }, provider),
    provider,
  );
  // Eight products of 9 pixels and depth 1, with a call each.
  expect(depthwise.seconds(needs, capabilities)).toBeCloseTo(8 * (3 + 18 / 50));
  // A row rounded up to a tile: 4 * 12 * (1 + 2).
  expect(model.seconds(needs, capabilities)).toBeCloseTo(8 * (3 + (2 * 144) / 100));
});

test("native libraries have models of their own, and one that is like none takes the first", () => {
  const needs = requirementsOf("ic64ih14oc64kh3ph1", "full", "nhwc");
  const of = (library: string): number =>
    defaultCostModel("native", `native-${library}-1.0`).seconds(needs, capabilities);
  expect(of("onednn")).not.toBe(of("openblas"));
  expect(of("blis")).toBe(of("openblas"));
  expect(defaultCostModel("native", "native-onednn-1.0").name).toBe("native-default");
});

test("every provider has a model, which says whether it is generic", () => {
  expect(defaultCostModel("of a stranger").name).toBe("generic");
  const needs = requirementsOf("ic16ih14oc16kh3ph1", "full", "nchw");
  for (const name of ["js", "reference", "of a stranger"]) {
    const seconds = defaultCostModel(name).seconds(needs, capabilities);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(1);
  }
});
