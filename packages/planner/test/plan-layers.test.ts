import { type ConvAlgorithm, parseProblem } from "@leanconv/conv";
import { im2col } from "@leanconv/conv-im2col";
import { implicitGemm } from "@leanconv/conv-implicit-gemm";
import { type ConvError, isConvError } from "@leanconv/core";
import { referenceGemm } from "@leanconv/gemm";
import { expect, test } from "vitest";
import { type CostModel, chosenProgram, isRated, type Plan, parsePlan, planLayers } from "../src/index.ts";
import { vggLayers } from "./layers.ts";

const provider = referenceGemm();
const algorithms = [im2col, implicitGemm];
const problem = parseProblem("ic16ih9oc8kh3ph1");

function failure(run: () => unknown): ConvError {
  try {
    run();
  } catch (error) {
    if (isConvError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** Everything takes as long as everything else. */
const flat: CostModel = { name: "flat", seconds: () => 1 };

/** im2col under another name, with all its variants. */
const renamed = (name: string): ConvAlgorithm => ({ ...im2col, name });

test("equal times go to the smaller workspace", () => {
  const { chosen, candidates } = planLayers({ a: problem }, { algorithms: [im2col], provider, budget: {}, model: flat })
    .layers[0];
  const smallest = Math.min(...candidates.map((one) => ("workspaceBytes" in one ? one.workspaceBytes : Infinity)));
  expect(chosen.workspaceBytes).toBe(smallest);
  expect(chosen.reason).toBe("least workspace at equal time");
});

test("equal times and sizes go to the earlier name, then form, then parameters", () => {
  const twins = [renamed("zeta"), renamed("alpha")];
  const { chosen } = planLayers({ a: problem }, { algorithms: twins, provider, budget: {}, model: flat }).layers[0];
  expect(chosen.algorithm).toBe("alpha");
  // Nine columns of a strip are fewer than the twelve that panels of four round them up to.
  const twice: ConvAlgorithm = {
    ...im2col,
    variants: (p, context) =>
      [...im2col.variants(p, context)].reverse().filter(({ variant }) => variant.form !== "panels"),
  };
  const first = planLayers({ a: problem }, { algorithms: [twice], provider, budget: {}, model: flat }).layers[0];
  expect([first.chosen.variant.form, first.chosen.variant.parameters]).toEqual(["strip", { rows: 1 }]);
});

test("the choice follows the cost model", () => {
  const model: CostModel = { name: "large is fast", seconds: ({ workspaceBytes }) => 1 / (1 + workspaceBytes) };
  const plan = planLayers(vggLayers, { algorithms, provider, budget: { workspaceBytes: 4 << 20 }, model });
  expect(plan.model).toBe("large is fast");
  for (const { chosen, candidates } of plan.layers) {
    const sizes = candidates.flatMap((one) => (isRated(one) && one.status === "eligible" ? [one.workspaceBytes] : []));
    expect(chosen.workspaceBytes).toBeGreaterThanOrEqual(Math.max(...sizes));
  }
});

test("a list and a record of layers give the same plan", () => {
  const record = Object.fromEntries(vggLayers.map((layer) => [layer.name, layer.problem]));
  const options = { algorithms, provider, budget: { workspaceBytes: 1 << 20 } };
  expect(planLayers(record, options).toJSON()).toEqual(planLayers(vggLayers, options).toJSON());
  expect(planLayers([], options)).toMatchObject({ layers: [], workspaceBytes: 0, packedBytes: 0, seconds: 0 });
});

test("a budget too small names layer, budget and the least that works, with its algorithm", () => {
  const error = failure(() =>
    planLayers(vggLayers, { algorithms: [im2col], provider, budget: { workspaceBytes: 1000 } }),
  );
  expect(error.code).toBe("resource.over-budget");
  // One output row of conv1_2, 64 * 9 * 224 floats, is the largest of the smallest.
  expect(error.details).toEqual({ layer: "conv1_2", budgetBytes: 1000, smallestBytes: 516096, algorithm: "im2col" });
  expect(error.message).toMatch(/layer conv1_2: .*1000 bytes.*516096 bytes \(504 KiB\), for im2col/);
});

test("a layer that every candidate refuses fails with the first refusal", () => {
  const unable: ConvAlgorithm = {
    ...im2col,
    variants: (p, context) => im2col.variants(p, context).filter(({ variant }) => variant.form === "pointwise"),
  };
  const error = failure(() => planLayers({ a: problem }, { algorithms: [unable], provider, budget: {} }));
  expect(error.code).toBe("unsupported.kernel");
  expect(error.message).toMatch(/layer a: .*1x1 kernel/);
  expect(failure(() => planLayers({ a: problem }, { algorithms: [], provider, budget: {} })).code).toBe(
    "argument.name",
  );
});

test("where all refuse, a reason stands once per algorithm, and the advice follows from the code", () => {
  const layouts = { inputLayout: "nchw", outputLayout: "nchw" } as const;
  const refusing = (name: string, ...reasons: [form: string, reason: string][]): ConvAlgorithm => ({
    ...im2col,
    name,
    variants: () =>
      reasons.map(([form, reason]) => ({
        variant: { form, parameters: {}, ...layouts },
        refusal: { code: "unsupported.layout", reason },
      })),
  });
  const one = refusing("one", ["a", "needs nhwc"], ["b", "needs nhwc"]);
  const two = refusing("two", ["a", "needs nhwc"], ["b", "needs nhwc"], ["c", "needs luck"]);
  const { message } = failure(() => planLayers({ x: problem }, { algorithms: [one, two], provider }));
  expect(message).toContain("got one: needs nhwc; two a, b: needs nhwc; two c: needs luck; plan with");
  expect(message).toContain("--layout nhwc");
});

test("wrong options are refused by name", () => {
  const options = { algorithms, provider, budget: {} };
  for (const workspaceBytes of [-1, 0.5, Number.NaN, Infinity]) {
    expect(failure(() => planLayers({ a: problem }, { ...options, budget: { workspaceBytes } })).code).toBe(
      "argument.range",
    );
  }
  for (const threads of [0, 1.5, 2]) {
    expect(failure(() => planLayers({ a: problem }, { ...options, threads })).code).toBe("argument.range");
  }
  for (const bad of [undefined, "js", {}, Promise.resolve(provider)]) {
    const error = failure(() => planLayers({ a: problem }, { ...options, provider: bad as never }));
    expect([error.code, error.message.slice(0, 20)]).toEqual(["argument.name", "planLayers: provider"]);
  }
  expect(failure(() => planLayers({ a: problem }, undefined as never)).code).toBe("argument.format");
  expect(failure(() => planLayers({ a: problem }, { ...options, budget: 64 as never })).code).toBe("argument.format");
  expect(failure(() => planLayers({ a: problem }, { provider } as never)).code).toBe("argument.name");
  expect(failure(() => planLayers({ a: problem }, { ...options, layout: "chw" as never })).code).toBe(
    "argument.layout",
  );
  expect(failure(() => planLayers({ a: problem }, { ...options, exclusiveInputs: ["b"] })).code).toBe("argument.name");
  const twice = [
    { name: "a", problem },
    { name: "a", problem },
  ];
  expect(failure(() => planLayers(twice, options)).code).toBe("argument.name");
});

test("exclusive inputs reach the algorithms, by name or for all", () => {
  const seen: (boolean | undefined)[] = [];
  const spy: ConvAlgorithm = {
    ...im2col,
    variants: (p, context) => {
      seen.push(context?.exclusiveInput);
      return im2col.variants(p, context);
    },
  };
  const layers = { a: problem, b: problem };
  for (const exclusiveInputs of [true, ["b"]])
    planLayers(layers, { algorithms: [spy], provider, budget: {}, exclusiveInputs });
  planLayers(layers, { algorithms: [spy], provider, budget: {} });
  expect(seen).toEqual([true, true, false, true, false, false]);
});

test("a plan read back makes the program whose requirements it holds", () => {
  const plan = planLayers(
    { a: problem },
    { algorithms, provider, budget: { workspaceBytes: 100_000 }, layout: "nhwc" },
  );
  const read = parsePlan(JSON.stringify(plan)) as Plan;
  const program = chosenProgram(read.layers[0], algorithms, provider);
  expect(program.variant).toEqual(plan.layers[0].chosen.variant);
  expect(program.problem).toEqual(problem);
  expect(failure(() => chosenProgram(read.layers[0], [], provider)).code).toBe("argument.name");
  expect(failure(() => parsePlan({ ...plan.toJSON(), version: 1 as never })).code).toBe("argument.plan-mismatch");
});

test("bugs of an algorithm are not taken for refusals", () => {
  const broken: ConvAlgorithm = {
    ...im2col,
    program: () => {
      throw new RangeError("oops");
    },
  };
  expect(() => planLayers({ a: problem }, { algorithms: [broken], provider, budget: {} })).toThrow(RangeError);
});
