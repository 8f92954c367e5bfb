import { formatProblem, parseProblem } from "@leanconv/conv";
import { activationKinds } from "@leanconv/gemm";
import { problems, sweepProblems } from "@leanconv/testing";
import fc from "fast-check";
import { expect, test } from "vitest";

const sampled = fc.sample(problems(), { seed: 1, numRuns: 500 });

test("random problems reach every corner", () => {
  const some = (what: string, matches: (problem: (typeof sampled)[number]) => boolean): void => {
    expect(sampled.some(matches), what).toBe(true);
  };
  some("a 1x1 image", ({ ih, iw }) => ih === 1 && iw === 1);
  some("a kernel that is not square", ({ kh, kw }) => kh !== kw);
  some("strides that differ", ({ sh, sw }) => sh !== sw);
  some("dilations that differ", ({ dh, dw }) => dh !== dw);
  some("padding that differs on all sides", ({ pt, pb, pl, pr }) => new Set([pt, pb, pl, pr]).size === 4);
  some("padding wider than the kernel", ({ pt, kh, dh }) => pt > dh * (kh - 1));
  some("an output as wide as the input at stride 1", ({ ow, iw, sw, kw }) => ow === iw && sw === 1 && kw > 1);
  some("groups", ({ groups, ic }) => groups > 1 && groups < ic);
  some("depthwise", ({ groups, ic, oc }) => groups > 1 && groups === ic && groups === oc);
  some("a multiplier", ({ groups, ic, oc }) => groups > 1 && groups === ic && oc > ic);
  some("a batch", ({ n }) => n > 1);
  for (const kind of activationKinds) some(kind, ({ activation }) => activation?.kind === kind);
});

test("the sweep is the same every time, and covers its axes", () => {
  const sweep = sweepProblems();
  expect(sweepProblems()).toEqual(sweep);
  expect(new Set(sweep.map(({ kh }) => kh))).toEqual(new Set([1, 2, 3, 4, 5, 7, 11]));
  for (const stride of [1, 2, 3]) {
    for (const dilation of [1, 2]) {
      expect(sweep.filter(({ sh, dh }) => sh === stride && dh === dilation).length).toBeGreaterThan(50);
    }
  }
  expect(sweep.length).toBeGreaterThan(400);
  expect(sweep.some(({ pt, kh }) => pt === kh)).toBe(true);
  expect(sweep.some(({ pt, pb, pl, pr }) => pt !== pb && pl !== pr)).toBe(true);
});

test("every one of them has a string that reads back", () => {
  for (const problem of [...sampled, ...sweepProblems()]) expect(parseProblem(formatProblem(problem))).toEqual(problem);
});
