import { parseProblem } from "@leanconv/conv";
import { im2col } from "@leanconv/conv-im2col";
import { winogradF2, winogradF4 } from "@leanconv/conv-winograd";
import { jsGemm } from "@leanconv/gemm-js";
import { expect, test } from "vitest";
import { isTaken, offersOf, planLayers } from "../src/index.ts";

const problem = parseProblem("ic16ih20iw20oc16kh3ph1");
const algorithms = [im2col, winogradF2, winogradF4];
const provider = jsGemm();
const context = { inputLayout: "nchw", outputLayout: "nchw", exclusiveInput: true } as const;

test("offers are what a plan of the same options lists, under a bound and a demand of accuracy", () => {
  for (const accuracy of ["no-transform", "standard", "fast"] as const) {
    for (const workspaceBytes of [undefined, 40_000]) {
      const offers = offersOf(problem, context, { algorithms, provider, accuracy, workspaceBytes });
      const budget = workspaceBytes === undefined ? {} : { workspaceBytes };
      const options = { algorithms, provider, accuracy, budget, exclusiveInputs: true };
      const [{ candidates }] = planLayers({ only: problem }, options).layers;
      const name = (algorithm: string, variant: unknown): string => JSON.stringify([algorithm, variant]);
      const taken = offers.filter(isTaken).map(({ algorithm, variant }) => name(algorithm, variant));
      const eligible = candidates.filter(({ status }) => status === "chosen" || status === "eligible");
      expect(taken.length).toBeGreaterThan(0);
      expect(taken.sort()).toEqual(eligible.map(({ algorithm, variant }) => name(algorithm, variant)).sort());
      expect(offers).toHaveLength(candidates.length);
    }
  }
});

test("what is over the bound keeps its program and its numbers, what is refused has none", () => {
  const offers = offersOf(problem, context, { algorithms, provider, accuracy: "no-transform", workspaceBytes: 0 });
  const codes = offers.map((offer) => [offer.refusal?.code, "needs" in offer]);
  expect(codes).toContainEqual(["resource.workspace-limit", true]);
  expect(codes).toContainEqual(["unsupported.accuracy", false]);
  expect(offers.some(isTaken)).toBe(offers.some((offer) => "needs" in offer && offer.needs.workspaceBytes === 0));
});
