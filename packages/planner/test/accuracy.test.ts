import { parseProblem } from "@leanconv/conv";
import { im2col } from "@leanconv/conv-im2col";
import { winogradF2, winogradF4 } from "@leanconv/conv-winograd";
import { referenceGemm } from "@leanconv/gemm";
import { expect, test } from "vitest";
import { type CostModel, planLayers } from "../src/index.ts";

const problem = parseProblem("ic8ih12oc8kh3ph1");
const algorithms = [im2col, winogradF2, winogradF4];
/** As if multiplications were all. */
const model: CostModel = { name: "multiplications", seconds: ({ summary }) => summary.macs };

test.each([
  ["no-transform", "im2col"],
  ["standard", "winograd-f2"],
  ["fast", "winograd-f4"],
] as const)("accuracy %s takes %s", (accuracy, name) => {
  const plan = planLayers({ a: problem }, { algorithms, provider: referenceGemm(), accuracy, model });
  expect(plan.layers[0].chosen.algorithm).toBe(name);
  expect(plan.accuracy).toBe(accuracy);
  expect(plan.explain()).toContain(`accuracy ${accuracy}`);
});

test("the default is standard, and the plan says what else would be taken under which demand", () => {
  const plan = planLayers({ a: problem }, { algorithms, provider: referenceGemm(), model });
  expect(plan.accuracy).toBe("standard");
  const refused = plan.layers[0].candidates.filter(({ algorithm }) => algorithm === "winograd-f4");
  expect(refused.length).toBeGreaterThan(0);
  for (const { status, reason } of refused) {
    expect(status).toBe("unsupported.accuracy");
    expect(reason).toBe('errors of class winograd-f4 need accuracy "fast", not "standard"');
  }
  expect(plan.explain("a")).toContain("unsupported.accuracy");
});

test("a refusal of the algorithm's own comes first", () => {
  const wide = parseProblem("ic8ih12oc8kh5");
  const plan = planLayers({ a: wide }, { algorithms, provider: referenceGemm(), model });
  const [refused] = plan.layers[0].candidates.filter(({ algorithm }) => algorithm === "winograd-f4");
  expect(refused.status).toBe("unsupported.kernel");
});

test("where accuracy is all that is missing, the error says so", () => {
  const options = { algorithms: [winogradF4], provider: referenceGemm(), model };
  expect(() => planLayers({ a: problem }, options)).toThrow(/need accuracy "fast".*unsupported\.accuracy/s);
  expect(() => planLayers({ a: problem }, { ...options, accuracy: "high" as never })).toThrow(/argument\.name/);
});
