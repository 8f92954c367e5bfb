import { parseProblem } from "@leanconv/conv";
import { im2col } from "@leanconv/conv-im2col";
import { implicitGemm } from "@leanconv/conv-implicit-gemm";
import { isConvError } from "@leanconv/core";
import { expect, test } from "vitest";
import { isRated, measureCandidates, planLayers } from "../../src/index.ts";
import { simulatedMachine } from "./simulated-machine.ts";

const problem = parseProblem("ic8ih12oc16kh3ph1");
const algorithms = [im2col, implicitGemm];

test("a plan with measured times holds what every candidate took", async () => {
  const { provider, clock, secondsOf } = simulatedMachine();
  const model = await measureCandidates([problem, problem], { algorithms, provider, clock, seconds: 1e-3 });
  const plan = planLayers([{ name: "only", problem }], { algorithms, provider, model, exclusiveInputs: true });
  expect(plan.model).toBe(model.name);
  for (const { candidates } of plan.layers) {
    for (const candidate of candidates.filter(isRated)) {
      const algorithm = algorithms.find(({ name }) => name === candidate.algorithm);
      const program = algorithm?.program(problem, candidate.variant, provider);
      expect(candidate.seconds).toBeCloseTo(program ? secondsOf(program) : Number.NaN, 9);
    }
  }
});

test("problems are timed once, and progress counts them", async () => {
  const { provider, clock } = simulatedMachine();
  const seen: (readonly [number, number])[] = [];
  const other = parseProblem("ic8ih12oc16kh1");
  await measureCandidates([problem, other, problem], {
    ...{ algorithms, provider, clock, seconds: 1e-3 },
    onProgress: (done, total) => seen.push([done, total]),
  });
  expect(seen).toEqual([
    [1, 2],
    [2, 2],
  ]);
});

test("what was not timed has no price", async () => {
  const { provider, clock } = simulatedMachine();
  const model = await measureCandidates([problem], { algorithms, provider, clock, seconds: 1e-3 });
  const plan = (): unknown => planLayers({ only: problem }, { algorithms, provider, model, layout: "nhwc" });
  expect(plan).toThrowError(expect.objectContaining({ code: "argument.plan-mismatch" }));
  try {
    plan();
  } catch (error) {
    expect(isConvError(error)).toBe(true);
  }
});
