import { describeConv2d, requirements } from "@leanconv/conv";
import { im2col } from "@leanconv/conv-im2col";
import { implicitGemm } from "@leanconv/conv-implicit-gemm";
import { isConvError } from "@leanconv/core";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { calibrate, parseProfile, profileCostModel } from "../../src/index.ts";
import { nodeTerms, phaseSeconds, simulatedMachine } from "./simulated-machine.ts";

vi.mock(import("@leanconv/conv"), async (original) => {
  const { simulatedNode } = await import("./simulated-machine.ts");
  return { ...(await original()), computeNode: simulatedNode };
});

const machine = { cpu: "none", runtime: "none" };

test("equal machines and clocks give equal profiles, which are valid", async () => {
  const profiles = [];
  for (let run = 0; run < 2; run++) {
    const { provider, clock } = simulatedMachine();
    profiles.push(await calibrate(provider, { clock, machine, seconds: 20 }));
  }
  expect(profiles[0]).toEqual(profiles[1]);
  expect(parseProfile(JSON.stringify(profiles[0]))).toEqual(profiles[0]);
  expect(profiles[0].machine).toEqual(machine);
});

test("what a machine of one rate takes is predicted as it is, for any problem", async () => {
  const { provider, clock, secondsOf } = simulatedMachine();
  const model = profileCostModel(await calibrate(provider, { clock, machine, seconds: 20 }));
  const size = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most });
  const layout = fc.constantFrom("nchw" as const, "nhwc" as const);
  fc.assert(
    fc.property(size(40), size(70), size(30), size(3), size(2), layout, (ic, oc, ih, kernel, strides, inputLayout) => {
      const padding = (kernel - 1) / 2;
      fc.pre(Number.isInteger(padding));
      const problem = describeConv2d({
        ...{ inputChannels: ic, outputChannels: oc, input: [ih, ih], kernel: [kernel, kernel], strides, padding },
      });
      for (const [algorithm, form] of [
        [implicitGemm, "implicit"],
        [im2col, "full"],
      ] as const) {
        const variant = { form, parameters: {}, inputLayout, outputLayout: inputLayout };
        const program = algorithm.program(problem, variant, provider);
        const predicted = model.seconds(requirements(program, provider), provider.capabilities);
        // Whole tiles are counted, and what is left of them is proportional: a call is the only rounding.
        expect(predicted / secondsOf(program)).toBeGreaterThan(0.9);
        expect(predicted / secondsOf(program)).toBeLessThan(1.1);
      }
    }),
    { numRuns: 50 },
  );
});

test("pools and normalisations are measured by the element and by the value", async () => {
  const { provider, clock } = simulatedMachine();
  const { nodes } = await calibrate(provider, { clock, machine, seconds: 20 });
  for (const terms of [nodes?.pool, nodes?.norm]) {
    expect(terms?.outputSeconds).toBeCloseTo(nodeTerms.outputSeconds, 12);
    expect(terms?.valueSeconds).toBeCloseTo(nodeTerms.valueSeconds, 12);
  }
});

test("threads are measured as a gain and a barrier", async () => {
  const { provider, clock } = simulatedMachine({ threads: 4 });
  const { threads } = await calibrate(provider, { clock, machine, threads: 4, seconds: 20 });
  expect(threads.count).toBe(4);
  expect(threads.speedup).toBeCloseTo(4, 1);
  expect(threads.barrierSeconds).toBeCloseTo(phaseSeconds, 8);
});

test("a longer calibration takes more samples, and none takes longer than it may", async () => {
  const spent = async (seconds: number): Promise<{ seconds: number; runs: number }> => {
    const { provider, clock, runs } = simulatedMachine();
    await calibrate(provider, { clock, machine, seconds });
    return { seconds: clock(), runs: runs() };
  };
  let before = 0;
  for (const seconds of [10, 20, 60]) {
    const taken = await spent(seconds);
    expect(taken.runs).toBeGreaterThan(before);
    expect(taken.seconds).toBeLessThan(1.02 * seconds);
    before = taken.runs;
  }
  // Three samples of everything are taken however little time there is.
  expect((await spent(0.1)).runs).toBeGreaterThan(1000);
});

test("progress ascends to its total, and a signal stops it with its reason", async () => {
  const { provider, clock } = simulatedMachine();
  const seen: number[] = [];
  await calibrate(provider, { clock, machine, seconds: 20, onProgress: (done, total) => seen.push(done / total) });
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(1);
  const stop = new AbortController();
  const stopped = calibrate(provider, { clock, machine, signal: stop.signal, onProgress: () => stop.abort("enough") });
  await expect(stopped).rejects.toBe("enough");
});

test.each([
  [{ seconds: 0 }, "argument.range"],
  [{ seconds: Number.NaN }, "argument.range"],
  [{ threads: 2 }, "argument.range"],
  [{ threads: 0 }, "argument.range"],
])("%o is refused before anything is timed", async (options, code) => {
  const { provider, clock, runs } = simulatedMachine();
  const error = await calibrate(provider, { clock, machine, ...options }).catch((caught: unknown) => caught);
  expect(isConvError(error) && error.code).toBe(code);
  expect(runs()).toBe(0);
});
