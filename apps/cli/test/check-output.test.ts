import { directConv2d, filterView, imageView, parseProblem } from "leanconv";
import { expect, test } from "vitest";
import { checkOutput } from "../src/check-output.ts";
import { checkPositions } from "../src/check-positions.ts";
import { measure } from "../src/measure.ts";
import { layerValues, seededRandom } from "../src/seeded.ts";

test("a right output passes, one wrong element or one NaN does not", () => {
  const p = parseProblem("ic6ih5oc8kh3ph1+bias+prelu");
  const random = seededRandom(3);
  const { input, filter, bias, slopes } = layerValues(p, random);
  const operands = {
    input: imageView(input, [1, 6, 5, 5]),
    filter: filterView(filter, [8, 6, 3, 3]),
    bias: bias!,
    slopes: slopes!,
  };
  const output = imageView(new Float32Array(200), [1, 8, 5, 5]);
  directConv2d(p, { ...operands, output });
  const check = () => checkOutput(p, { ...operands, output }, checkPositions(p, random));
  const right = check();
  expect(right).toMatchObject({ positions: 200, wrong: 0 });
  expect(right.maxError).toBeLessThan(1e-6);
  output.data[17] += 1e-3;
  expect(check().wrong).toBe(1);
  expect(check().maxError).toBeCloseTo(1e-3, 5);
  output.data[199] = Number.NaN;
  expect(check().wrong).toBe(2);
  expect(check().maxError).toBeNaN();
});

test("a run is measured several times, a slow one once after its warm-up", () => {
  let fast = 0;
  expect(measure(() => fast++)).toBeGreaterThanOrEqual(0);
  expect(fast).toBeGreaterThan(7);
  let slow = 0;
  const ms = measure(() => {
    slow++;
    const end = performance.now() + 260;
    while (performance.now() < end);
  });
  expect(slow).toBe(2);
  expect(ms).toBeGreaterThanOrEqual(260);
});
