import { parseProblem } from "leanconv";
import { expect, test } from "vitest";
import { accumulatingTable } from "../src/algorithms/accumulating-table.ts";
import type { AlgorithmRow } from "../src/algorithms/measure-variants.ts";

const row = (layer: string, algorithm: string, form: string, ms: number): AlgorithmRow => ({
  ...{ network: "net", layer, algorithm, form, layout: "nchw", ms, workspaceBytes: 2048 },
});

const problems: Readonly<Record<string, string>> = {
  deep: "ic64ih14oc64kh3ph1",
  strided: "ic64ih14oc64kh3ph1sh2",
  shallow: "ic32ih14oc64kh3ph1",
};

test("puts the fastest form in strips beside the fastest of all forms", () => {
  const rows = [
    row("deep", "implicit-gemm", "implicit", 2),
    row("deep", "kn2row-aa", "window", 2.1),
    row("deep", "kn2row-aa", "window rows=4", 2.2),
    row("deep", "kn2row-aa", "rows/4", 3),
    row("strided", "kn2row-aa", "window rows=4", 1),
    row("shallow", "kn2row-aa", "window rows=4", 1),
  ];
  const table = accumulatingTable(rows, ({ layer }) => parseProblem(problems[layer]));
  expect(table.split("\n").slice(2)).toEqual([
    "| net deep | 14x14 | nchw | kn2row-aa window rows=4 | 2 KiB | implicit-gemm implicit | 2 KiB | 1.100 |",
  ]);
});
