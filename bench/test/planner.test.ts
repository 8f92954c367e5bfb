import { describeConv2d, type Layer, type LayerPlan, type Plan } from "leanconv";
import { expect, test } from "vitest";
import { steadyContender } from "../src/harness/contender.ts";
import { type NetworkTimings, problemKey, type TimedCandidate } from "../src/planner/network-timings.ts";
import { regretTables } from "../src/planner/regret-page.ts";
import { scorePlan } from "../src/planner/score.ts";

const problem = describeConv2d({ inputChannels: 1, outputChannels: 1, input: [2, 2], kernel: [1, 1] });
const layers: readonly Layer[] = [
  { name: "one", problem },
  { name: "two", problem },
];

function timed(algorithm: string, layout: "nchw" | "nhwc", workspaceBytes: number, samples: number[]): TimedCandidate {
  return {
    ...{ algorithm, layout, workspaceBytes, samples },
    variant: { form: "f", parameters: {}, inputLayout: layout, outputLayout: layout },
  };
}

/** In odd rounds "b" is the fastest of nchw, and nhwc is slower than that; even rounds differ. */
const timings: NetworkTimings = {
  [problemKey(problem)]: [
    timed("a", "nchw", 0, [0.004, 0.003, 0.004, 0.003, 0.004]),
    timed("b", "nchw", 100, [0.002, 0.005, 0.002, 0.005, 0.002]),
    timed("c", "nhwc", 0, [0.003, 0.001, 0.003, 0.001, 0.003]),
  ],
};

function planned(algorithm: string, layout: "nchw" | "nhwc", seconds: number): { plan: Plan; layout: "nchw" | "nhwc" } {
  const variant = { form: "f", parameters: {}, inputLayout: layout, outputLayout: layout };
  const chosen = { algorithm, variant, seconds };
  const plan = { seconds: 2 * seconds, layers: layers.map((layer) => ({ ...layer, chosen }) as unknown as LayerPlan) };
  return { plan: plan as unknown as Plan, layout };
}

test("the oracle picks by odd rounds, and everybody is scored on even ones", () => {
  const score = scorePlan(layers, planned("a", "nchw", 0.0045), timings, 100);
  expect(score).toMatchObject({ layout: "nchw", oracleLayout: "nchw" });
  expect(score.chosenMs).toBeCloseTo(6);
  expect(score.oracleMs).toBeCloseTo(10);
  expect(score.regret).toBeCloseTo(6 / 10 - 1);
  expect(score.predictedMs).toBeCloseTo(9);
  // The quickest of all five samples of "a" took 3 ms.
  expect(score.medianPredictionError).toBeCloseTo(0.5);
});

test("a slow round misleads nobody, and the medians stand beside it", () => {
  const slow = {
    [problemKey(problem)]: [
      timed("a", "nchw", 0, [0.004, 0.004, 0.004, 0.009, 0.004, 0.009]),
      timed("b", "nchw", 0, [0.003, 0.003, 0.009, 0.003, 0.009, 0.003]),
    ],
  };
  const score = scorePlan(layers, planned("a", "nchw", 0.004), slow, 0);
  expect(score.regret).toBeCloseTo(4 / 3 - 1);
  // By medians the oracle takes "a" as well.
  expect(score.regretOfMedians).toBeCloseTo(0);
});

test("the oracle keeps to the budget", () => {
  const score = scorePlan(layers, planned("c", "nhwc", 0.001), timings, 99);
  expect(score).toMatchObject({ oracleLayout: "nhwc" });
  expect(score.oracleMs).toBeCloseTo(2);
  expect(score.regret).toBeCloseTo(0);
});

test("a plan with a candidate that was not timed is an error", () => {
  expect(() => scorePlan(layers, planned("d", "nchw", 1), timings, 0)).toThrowError("was not timed");
});

test("the page has a table for every run, a line a network and a column a budget", () => {
  const run = { provider: "js", node: "24.1.0", threads: 1, accuracy: "standard", constants: "calibrated" } as const;
  const score = {
    chosenMs: 1,
    oracleMs: 1,
    regretOfMedians: 0,
    predictedMs: 1,
    layout: "nchw",
    oracleLayout: "nchw",
  } as const;
  const row = (network: string, budget: number | null, regret: number, medianPredictionError: number) => ({
    ...{ network, budget, regret, medianPredictionError, ...score, ...run },
  });
  const rows = [row("a", 65536, 0.01, 0.1), row("a", null, -0.02, 0.2), row("b", 65536, 0.034, 0.05)];
  expect(
    regretTables([...rows, { ...rows[0], constants: "shipped" }]),
  ).toBe(`## js, Node 24.1.0, 1 thread, accuracy standard, calibrated

| network | 64 KiB | no limit | error |
| --- | ---: | ---: | ---: |
| a | 1.0 % | -2.0 % | 10 to 20 % |
| b | 3.4 % |  | 5 to 5 % |

Regret: median 1.0 %, largest 3.4 %.

## js, Node 24.1.0, 1 thread, accuracy standard, shipped

| network | 64 KiB | error |
| --- | ---: | ---: |
| a | 1.0 % | 10 to 10 % |

Regret: median 1.0 %, largest 1.0 %.`);
});

/** A function whose third call of four is three times as quick as the others. */
function uneven(seconds: number) {
  let now = 0;
  let calls = 0;
  const run = (): void => {
    now += calls++ % 4 === 2 ? seconds / 3 : seconds;
  };
  return { run, now: () => now, calls: () => calls };
}

test("a steady sample is the quickest of its stretches", async () => {
  const { run, now } = uneven(0.003);
  const steady = steadyContender("steady", run, 4, now);
  await steady.warm(0.001, 0.001);
  expect(await steady.sample()).toBeCloseTo(0.001);
});

test("a steady sample of long calls is a single one", async () => {
  const { run, now, calls } = uneven(3);
  const steady = steadyContender("steady", run, 4, now);
  await steady.warm(0.001, 0.001);
  const before = calls();
  expect(await steady.sample()).toBeCloseTo(1);
  expect(calls() - before).toBe(1);
});
