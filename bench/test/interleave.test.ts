import { expect, test } from "vitest";
import { contender } from "../src/harness/contender.ts";
import { interleave } from "../src/harness/interleave.ts";
import { median } from "../src/harness/median.ts";

test("the median is the middle, or the mean of two", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

/** Contenders that take so many seconds of a clock that only they move. */
function contendersOf(seconds: readonly number[]) {
  let time = 0;
  const order: number[] = [];
  const now = () => time;
  const contenders = seconds.map((one, index) => {
    const run = (): void => {
      order.push(index);
      time += one;
    };
    return contender(`${index}`, run, now);
  });
  return { contenders, order };
}

test("gives the seconds of one call, however often a sample repeats it", async () => {
  const times = await interleave(contendersOf([0.5, 0.004, 3]).contenders, { rounds: 5 });
  expect(times[0]).toBeCloseTo(0.5, 9);
  expect(times[1]).toBeCloseTo(0.004, 9);
  expect(times[2]).toBeCloseTo(3, 9);
});

test("warms up every contender, then takes one sample of each a round, beginning with another one each time", async () => {
  const { contenders, order } = contendersOf([1, 1, 1]);
  await interleave(contenders, { rounds: 3, warmSeconds: 1 });
  expect(order).toEqual([0, 0, 1, 1, 2, 2, 0, 1, 2, 1, 2, 0, 2, 0, 1]);
});

test("a slow phase of the machine does not move the medians", async () => {
  let time = 0;
  let calls = 0;
  const run = (): void => {
    calls++;
    time += calls > 20 && calls < 30 ? 10 : 1;
  };
  const [seconds] = await interleave([contender("a", run, () => time)], { rounds: 51, warmSeconds: 1 });
  expect(seconds).toBe(1);
});
