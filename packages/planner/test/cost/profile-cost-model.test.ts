import { parseProblem, type Requirements, requirements } from "@leanconv/conv";
import { implicitGemm } from "@leanconv/conv-implicit-gemm";
import type { GemmWork, MoveWork, ProgramSummary } from "@leanconv/gemm";
import { nullProvider } from "@leanconv/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { onCurve } from "../../src/cost/interpolate.ts";
import { type LayoutTerms, type MachineProfile, profileCostModel } from "../../src/index.ts";
import { move, plainProfile, plainTerms, product, summary } from "./profiles.ts";

const capabilities = { ...nullProvider().capabilities, mr: 4, nr: 8 };
const variant = { form: "implicit", parameters: {}, inputLayout: "nchw", outputLayout: "nchw" } as const;
const needs: Requirements = requirements(
  implicitGemm.program(parseProblem("ic1ih2oc1kh1"), variant, nullProvider()),
  nullProvider(),
);

function seconds(profile: MachineProfile, work: Partial<ProgramSummary>, team?: number, packedBytes = 0): number {
  const asked = { ...needs, packedBytes, summary: summary(work) };
  return profileCostModel(profile).seconds(asked, capabilities, undefined, team);
}

const ofGemm = (
  work: Partial<GemmWork>,
  terms: Partial<LayoutTerms> = {},
  rest: Partial<MachineProfile> = {},
): number => {
  const layout = { ...plainTerms, ...terms };
  return seconds({ ...plainProfile, nchw: layout, nhwc: layout, ...rest }, { gemms: [{ ...product, ...work }] });
};
const ofMove = (work: Partial<MoveWork>, rest: Partial<MachineProfile> = {}): number =>
  seconds({ ...plainProfile, ...rest }, { moves: [{ ...move, ...work }] });

test("a product of whole tiles takes its flops over the rate, and each call a call", () => {
  expect(ofGemm({})).toBeCloseTo((2 * 4 * 8 * 5) / 1000);
  expect(ofGemm({ count: 3, batch: 2 })).toBeCloseTo((6 * 2 * 4 * 8 * 5) / 1000);
  const callSeconds = { gemm: 7, move: 9 };
  expect(ofGemm({ count: 3, batch: 2 }, {}, { callSeconds })).toBeCloseTo(6 * 0.32 + 3 * 7);
  expect(ofGemm({ m: 0 }, {}, { callSeconds })).toBe(7);
});

test("a remainder counts the part of a tile that it takes, on the side where the tile lies", () => {
  const tail = { m: 0.5, n: 0.25 };
  const flops = (m: number, n: number): number => (2 * m * n * 5) / 1000;
  // nchw: tiles of 4 rows and 8 columns.
  expect(ofGemm({ m: 5 }, { tail })).toBeCloseTo(flops(4 + 4 * 0.5, 8));
  expect(ofGemm({ m: 7 }, { tail })).toBeCloseTo(flops(4 + 4 * (0.5 + 0.5 * (2 / 3)), 8));
  expect(ofGemm({ n: 9 }, { tail })).toBeCloseTo(flops(4, 8 + 8 * 0.25));
  // nhwc: tiles of 8 rows and 4 columns.
  expect(ofGemm({ m: 9, layout: "nhwc" }, { tail })).toBeCloseTo(flops(8 + 8 * 0.5, 8));
  expect(ofGemm({ m: 8, n: 5, layout: "nhwc" }, { tail })).toBeCloseTo(flops(8, 4 + 4 * 0.25));
});

test("products of another tile than that of panels are rounded to it", () => {
  const tail = { m: 1, n: 1 };
  const layout = { ...plainTerms, tail };
  const model = profileCostModel({ ...plainProfile, nchw: layout, nhwc: layout });
  const of = (work: Partial<GemmWork>): number => {
    const asked = {
      ...needs,
      packedBytes: 0,
      workspaceBytes: 0,
      summary: summary({ gemms: [{ ...product, ...work }] }),
    };
    return model.seconds(asked, { ...capabilities, productTile: { mr: 2, nr: 16 } });
  };
  expect(of({ n: 17, line: 17, m: 5 })).toBeCloseTo((2 * 6 * 32 * 5) / 1000);
  expect(of({ n: 17, line: 17, m: 5, kind: "panels" })).toBeCloseTo((2 * 8 * 24 * 5) / 1000);
});

test("patches pay for short lines, strides and few channels, once and with every row", () => {
  const lines = [
    { stride: 1, elementSeconds: { at: [2, 8], values: [3, 1] }, rowSeconds: { at: [2, 8], values: [0.5, 0] } },
    { stride: 2, elementSeconds: { at: [1], values: [10] }, rowSeconds: { at: [1], values: [0] } },
  ];
  const base = ofGemm({});
  expect(ofGemm({ kind: "patch", run: 8 }, { lines }) - base).toBeCloseTo(40);
  expect(ofGemm({ kind: "patch", run: 4 }, { lines }) - base).toBeCloseTo(40 * (2 + 4 * 0.25));
  expect(ofGemm({ kind: "patch", run: 8, stride: 3 }, { lines }) - base).toBeCloseTo(400);
  expect(ofGemm({ kind: "plain", run: 2 }, { lines })).toBeCloseTo(base);
  const taps = { elementSeconds: { at: [1, 5], values: [2, 0] }, rowSeconds: { at: [1, 5], values: [1, 0] } };
  expect(ofGemm({ kind: "patch", taps: 5 }, { lines: [], taps }) - base).toBeCloseTo(40 * (2 + 4));
  expect(ofGemm({ kind: "patch", taps: 1 }, { lines: [], taps })).toBeCloseTo(base);
});

test("images in the other layout, updates of C, ends of rows and weights that are not packed have terms", () => {
  const base = ofGemm({});
  const crossed = { elementSeconds: 2, rowSeconds: 1 };
  expect(ofGemm({ crossed: true }, { crossed }) - base).toBeCloseTo(40 * (2 + 4));
  expect(ofGemm({ beta: 1 }, { updateSeconds: { at: [1], values: [2] } }) - base).toBeCloseTo(64);
  const rowEndSeconds = { at: [2, 8], values: [3, 1] };
  expect(ofGemm({ width: 4 }, { rowEndSeconds }) - base).toBeCloseTo(32 * 2);
  expect(ofGemm({ width: 8 }, { rowEndSeconds })).toBeCloseTo(base);
  expect(ofGemm({ width: 4, layout: "nhwc", m: 8, n: 4 }, { rowEndSeconds })).toBeCloseTo(base);
  expect(ofGemm({ packed: false }) - base).toBeCloseTo((8 * 4 * 5) / 100);
  const large = { at: [10, 1000], values: [1, 3] };
  expect(ofGemm({ beta: 1 }, { updateSeconds: large }) - base).toBeCloseTo(32 * onCurve(large, 4 * 32));
  expect(ofGemm({ finished: true }, { finishSeconds: 2 }) - base).toBeCloseTo(64);
});

test("products over lines that are apart cost something between one product and one for every line", () => {
  // Twice the pixels are computed at twice the rate: two products of half of them take twice the time.
  const rising = { m: [1], n: [4, 8], k: [1], values: [500, 1000] };
  const rates = { plain: rising, tap: rising, patch: rising, panels: rising };
  const base = ofGemm({}, { rates });
  for (const lineByLine of [0, 0.25, 1]) {
    expect(ofGemm({ line: 4 }, { rates, lineByLine })).toBeCloseTo(base * (1 + lineByLine));
    expect(ofGemm({ line: 8 }, { rates, lineByLine })).toBeCloseTo(base);
  }
});

test("packed weights and workspace cost more where there is more of them than stays near", () => {
  const far = { at: [100, 10_000], values: [0, 0.5] };
  const profile = { ...plainProfile, far };
  const of = (packedBytes: number): number => seconds(profile, { gemms: [product] }, 1, packedBytes);
  expect(of(100)).toBeCloseTo(seconds(plainProfile, { gemms: [product] }, 1, 100));
  expect(of(1000) - of(100)).toBeCloseTo(4 * 4 * 5 * 0.25);
  expect(of(1e6) - of(100)).toBeCloseTo(4 * 4 * 5 * 0.5);
  const within = (workspaceBytes: number, work: Partial<ProgramSummary>): number =>
    profileCostModel(profile).seconds(
      { ...needs, packedBytes: 0, workspaceBytes, summary: summary(work) },
      capabilities,
    );
  const difference = (work: Partial<ProgramSummary>): number => within(1e6, work) - within(0, work);
  expect(difference({ gemms: [product] })).toBeCloseTo(4 * (8 * 5 + 4 * 8) * 0.5);
  expect(difference({ gemms: [{ ...product, kind: "patch" }] })).toBe(0);
  expect(difference({ moves: [move] })).toBeCloseTo(800 * 0.5);
});

test("depthwise products have times of their own, between kernels by their taps", () => {
  const depthwise = [
    { stride: 1, taps: 1, macSeconds: { at: [4], values: [5] } },
    { stride: 1, taps: 9, macSeconds: { at: [4], values: [1] } },
  ];
  const work = { m: 1, kind: "patch", batch: 3, k: 9, taps: 9 } as const;
  expect(ofGemm(work, { depthwise })).toBeCloseTo(3 * 8 * 9);
  expect(ofGemm({ ...work, k: 5, taps: 5 }, { depthwise })).toBeCloseTo(3 * 8 * 7);
  expect(ofGemm({ ...work, k: 25, taps: 25 }, { depthwise })).toBeCloseTo(3 * 8 * 25);
  expect(
    ofGemm({ ...work, k: 1, taps: 1, beta: 1 }, { depthwise, updateSeconds: { at: [1], values: [2] } }),
  ).toBeCloseTo(3 * (8 * 5 + 16));
});

test("moves take their bytes over the rate of their form and innermost axis, more where they leave the cache", () => {
  expect(ofMove({})).toBeCloseTo(8);
  expect(ofMove({ elements: 0 }, { callSeconds: { gemm: 0, move: 3 } })).toBe(3);
  const moves = [
    { kind: "copy", form: "contiguous", bytesPerSecond: { at: [4, 16], values: [100, 300] } },
    { kind: "add", form: "scattered", bytesPerSecond: { at: [1], values: [10] } },
  ] as const;
  expect(ofMove({ inner: 8 }, { moves })).toBeCloseTo(800 / 200);
  expect(ofMove({ kind: "add", form: "scattered", count: 2 }, { moves })).toBeCloseTo(2 * 120);
  expect(ofMove({}, { spill: { at: [100, 800], values: [1, 2.5] } })).toBeCloseTo(20);
});

test("threads share the work and meet after every phase", () => {
  const threads = { count: 4, speedup: 3, barrierSeconds: 0.5 };
  expect(seconds({ ...plainProfile, threads }, { moves: [move], phases: 6 }, 4)).toBeCloseTo(8 / 3 + 3);
});

test("with level rates more of anything never takes less", () => {
  const size = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(size, size, size, size, fc.double({ min: 0, max: 1, noNaN: true }), (m, n, k, more, tail) => {
      const terms = { tail: { m: tail, n: tail }, updateSeconds: { at: [1], values: [0.01] } };
      const at = (work: Partial<GemmWork>): number => ofGemm({ m, n, k, beta: 1, ...work }, terms);
      for (const axis of ["m", "n", "k", "count", "batch"] as const) {
        const grown = { m, n, k, count: 1, batch: 1 }[axis] + more;
        expect(at({ [axis]: grown })).toBeGreaterThanOrEqual(at({}) * (1 - 1e-12));
      }
    }),
  );
});

test("the name says what was measured where", () => {
  expect(profileCostModel(plainProfile).name).toBe("null/1 on paper, pencil");
});

test("a number of threads is predicted by its own profile, and by half of each further thread without one", () => {
  const team = (count: number, speedup: number): MachineProfile => ({
    ...plainProfile,
    threads: { count, speedup, barrierSeconds: 0.25 },
  });
  const work = { ...needs, summary: summary({ gemms: [product], phases: 2 }) };
  const model = profileCostModel([team(4, 3), team(2, 1.9), plainProfile]);
  expect(model.name).toBe("null/1+2+4 on paper, pencil");
  const predicted = (threads?: number): number => model.seconds(work, capabilities, undefined, threads);
  expect(predicted()).toBeCloseTo(0.32, 12);
  expect(predicted(1)).toBe(predicted());
  expect(predicted(2)).toBeCloseTo(0.32 / 1.9 + 0.5, 12);
  expect(predicted(3)).toBeCloseTo(0.32 / (1.9 + 0.5) + 0.5, 12);
  expect(predicted(4)).toBeCloseTo(0.32 / 3 + 0.5, 12);
  expect(predicted(6)).toBeCloseTo(0.32 / (3 + 1) + 0.5, 12);
  // One thread's terms stand in every profile; a model of one thread alone has a barrier that nobody measured.
  expect(profileCostModel(team(2, 1.9)).seconds(work, capabilities)).toBeCloseTo(0.32, 12);
  const two = profileCostModel(plainProfile).seconds(work, capabilities, undefined, 2);
  expect(two).toBeCloseTo(0.32 / 1.5, 4);
  expect(two).toBeGreaterThan(0.32 / 1.5);
});

test("profiles of several providers, two of one number of threads, and none, make no model", () => {
  const other = {
    ...plainProfile,
    provider: { name: "other", identity: "other" },
    threads: { ...plainProfile.threads, count: 2 },
  };
  for (const given of [[], [plainProfile, other], [plainProfile, plainProfile]]) {
    expect(() => profileCostModel(given)).toThrowError(expect.objectContaining({ code: "argument.profile-mismatch" }));
  }
});
