import { type NetworkGraph, parseProblem } from "@leanconv/conv";
import { im2col } from "@leanconv/conv-im2col";
import { implicitGemm } from "@leanconv/conv-implicit-gemm";
import { isConvError } from "@leanconv/core";
import { expect, test, vi } from "vitest";
import { isRated, measureCandidates, paretoFront, planLayers, planNetwork, sumProgram } from "../../src/index.ts";
import { smallGraph } from "../network/graphs.ts";
import { nodeTerms, simulatedMachine } from "./simulated-machine.ts";

vi.mock(import("@leanconv/conv"), async (original) => {
  const { simulatedNode } = await import("./simulated-machine.ts");
  return { ...(await original()), computeNode: simulatedNode };
});

const problem = parseProblem("ic8ih12oc16kh3ph1");
const algorithms = [im2col, implicitGemm];
const otherGraph: NetworkGraph = {
  nodes: [
    { kind: "input", name: "data", shape: [1, 3, 4, 4] },
    { kind: "add", name: "twice", inputs: ["data", "data"] },
  ],
};

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

test("times of one thread are no times of two", async () => {
  const { provider, clock } = simulatedMachine({ threads: 2 });
  const model = await measureCandidates([problem], { algorithms, provider, clock, seconds: 1e-3, threads: 2 });
  const options = { algorithms, provider, model, exclusiveInputs: true };
  expect(planLayers({ only: problem }, { ...options, threads: 2 }).seconds).toBeGreaterThan(0);
  expect(() => planLayers({ only: problem }, options)).toThrowError(
    expect.objectContaining({ code: "argument.plan-mismatch" }),
  );
});

test("of a graph everything that a plan may run is timed, copies and sums too", async () => {
  const { provider, clock, secondsOf } = simulatedMachine();
  let last: readonly [number, number] = [0, 1];
  const model = await measureCandidates(smallGraph, {
    ...{ algorithms, provider, clock, seconds: 1e-3 },
    onProgress: (...progress) => {
      last = progress;
    },
  });
  expect(last[0]).toBe(last[1]);
  const { points } = paretoFront(smallGraph, { algorithms, provider, model });
  expect(points.length).toBeGreaterThan(1);
  const plan = planNetwork(smallGraph, { algorithms, provider, model });
  expect(plan.model).toBe(model.name);
  const sum = plan.graph.nodes.findIndex(({ kind }) => kind === "add");
  const program = sumProgram([1, 8, 9, 8], 2, { kind: "relu" }, 0);
  expect(plan.nodes[sum].seconds).toBeCloseTo(secondsOf(program), 9);
  const pool = plan.nodes.find(({ name }) => name === "pool");
  expect(pool?.seconds).toBeCloseTo(8 * 9 * 8 * (nodeTerms.outputSeconds + 9 * nodeTerms.valueSeconds), 12);
  expect(() => planNetwork(otherGraph, { algorithms, provider, model })).toThrowError(
    expect.objectContaining({ code: "argument.plan-mismatch" }),
  );
});
