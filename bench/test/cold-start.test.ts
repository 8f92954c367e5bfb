import { expect, test } from "vitest";
import { coldStartRow } from "../src/cold-start/cold-start.ts";

test("a row has the medians of the starts, and of their totals", () => {
  const start = (openMs: number, firstRunMs: number) => ({ openMs, planMs: 1, prepareMs: 2, firstRunMs });
  expect(coldStartRow("net", "us", [start(1, 30), start(2, 10), start(3, 20)])).toEqual({
    ...{ network: "net", name: "us", openMs: 2, planMs: 1, prepareMs: 2, firstRunMs: 20, totalMs: 26 },
  });
});
