import { expect, test } from "vitest";
import { interleave, median } from "../src/harness/interleave.ts";

test("the median is the middle, or the mean of the two in the middle", () => {
  expect(median([9, 1, 4])).toBe(4);
  expect(median([8, 1, 4, 2])).toBe(3);
});

/** A clock that only the contenders move. */
function contendersOf(seconds: readonly number[]) {
  let time = 0;
  const order: number[] = [];
  const contenders = seconds.map((cost, i) => ({
    name: `${i}`,
    run() {
      time += cost;
      order.push(i);
    },
  }));
  return { contenders, order, now: () => time };
}

test("gives the seconds of one call, however often a sample repeats it", () => {
  const { contenders, now } = contendersOf([0.5, 0.004, 3]);
  const times = interleave(contenders, { rounds: 5, now });
  expect(times[0]).toBeCloseTo(0.5, 9);
  expect(times[1]).toBeCloseTo(0.004, 9);
  expect(times[2]).toBeCloseTo(3, 9);
});

test("warms up every contender, then takes one sample of each a round, beginning with another one each time", () => {
  const { contenders, order, now } = contendersOf([1, 1, 1]);
  interleave(contenders, { rounds: 3, warmSeconds: 2, now });
  expect(order).toEqual([0, 0, 1, 1, 2, 2, 0, 1, 2, 1, 2, 0, 2, 0, 1]);
});

test("a slow phase of the machine does not move the medians", () => {
  let time = 0;
  let calls = 0;
  const run = (): void => {
    calls++;
    time += calls > 20 && calls < 30 ? 10 : 1;
  };
  const [seconds] = interleave([{ name: "a", run }], { rounds: 51, warmSeconds: 2, now: () => time });
  expect(seconds).toBe(1);
});
