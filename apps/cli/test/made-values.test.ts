import { directAt, filterView, imageView, network, parseProblem } from "leanconv";
import { expect, test } from "vitest";
import { checkPositions } from "../src/check-positions.ts";
import { layerValues, seededRandom, seedOf } from "../src/seeded.ts";

test("mulberry32 gives its known numbers", () => {
  const random = seededRandom(1);
  expect([random(), random()].map((value) => value * 2 ** 32)).toEqual([2693262067, 11749833]);
});

test("a seed gives the same values again, another seed or layer others", () => {
  const problem = parseProblem("ic3ih5oc2kh3+bias+prelu");
  const values = (seed: number, name: string) => layerValues(problem, seededRandom(seedOf(seed, name)));
  expect(values(1, "a")).toEqual(values(1, "a"));
  expect(values(2, "a").input).not.toEqual(values(1, "a").input);
  expect(values(1, "b").input).not.toEqual(values(1, "a").input);
  expect(Object.keys(values(1, "a"))).toEqual(["input", "filter", "bias", "slopes"]);
  expect(Object.keys(layerValues(parseProblem("ic3ih5oc2kh3"), seededRandom(1)))).toEqual(["input", "filter"]);
});

test.each(["ic1ih40oc4kh1", "ic64ih20oc8kh3", "ic96ih9oc8kh5g4"])("outputs of %s stay around 1", (text) => {
  const p = parseProblem(text);
  const random = seededRandom(7);
  const { input, filter } = layerValues(p, random);
  const operands = {
    input: imageView(input, [1, p.ic, p.ih, p.iw]),
    filter: filterView(filter, [p.oc, p.ic / p.groups, p.kh, p.kw]),
  };
  const outputs = checkPositions(p, random).map((at) => directAt(p, operands, ...at).value);
  const power = Math.sqrt(outputs.reduce((sum, value) => sum + value * value, 0) / outputs.length);
  expect(power).toBeGreaterThan(0.5);
  expect(power).toBeLessThan(1.5);
});

test("small outputs are checked everywhere", () => {
  const positions = checkPositions(parseProblem("n2ic1ih4oc8kh1"), seededRandom(1));
  expect(positions.length).toBe(256);
  expect(new Set(positions.map(String)).size).toBe(256);
});

test("large outputs are checked at 256 places or more, corners and row ends of first and last channels among them", () => {
  for (const { problem: p } of network("mobilenet_v2")) {
    const positions = checkPositions(p, seededRandom(1));
    const names = new Set(positions.map(String));
    expect(positions.length).toBeGreaterThanOrEqual(Math.min(256, p.oc * p.oh * p.ow));
    expect(names.size).toBe(positions.length);
    for (const oc of [0, p.oc - 1]) {
      for (const oy of [0, p.oh - 1]) for (const ox of [0, p.ow - 1]) expect(names).toContain(String([0, oc, oy, ox]));
    }
    const sizes = [p.n, p.oc, p.oh, p.ow];
    expect(positions.every((at) => at.every((index, axis) => index >= 0 && index < sizes[axis]))).toBe(true);
  }
});
