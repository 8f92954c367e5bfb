import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { jsGemm } from "@leanconv/gemm-js";
import { describe, expect, test } from "vitest";
import { gemmCase } from "../src/gemm/gemm-case.ts";
import { gemmRow } from "../src/gemm/gemm-row.ts";
import { allShapes, fewShapes, type GemmShape } from "../src/gemm/gemm-shapes.ts";

function bench(...args: string[]) {
  const flags = ["--conditions=@leanconv/source", join(import.meta.dirname, "..", "src", "main.ts")];
  return spawnSync(process.execPath, [...flags, ...args], { encoding: "utf8" });
}

const square: GemmShape = {
  name: "10",
  m: 10,
  k: 10,
  rows: 1,
  cols: 10,
  b: { kind: "plain", k: 10, row: 0, col: 1 },
  layout: "nchw",
};

const js = (threads: number) => ({ provider: "js", threads });

describe("a row", () => {
  test("is arithmetic on the median times", () => {
    expect(gemmRow(square, js(1), 1e-6, 0.25e-9, { naiveSeconds: 3e-6 })).toEqual({
      ...{ provider: "js", threads: 1, m: 10, n: 10, k: 10, kind: "plain" },
      ...{ ms: 0.001, gflops: 2, peakGflops: 4, fraction: 0.5, naiveRatio: 3 },
    });
  });

  test("counts the peak of every thread", () => {
    expect(gemmRow(square, js(2), 1e-6, 0.25e-9)).toMatchObject({ peakGflops: 8, fraction: 0.25 });
  });

  test("is invalid where it beats its own inner loop", () => {
    expect(gemmRow(square, js(1), 1e-6, 0.514e-9).invalid).toBeUndefined();
    expect(gemmRow(square, js(1), 1e-6, 0.516e-9).invalid).toBe(true);
    const library = { directSeconds: 8e-7, registerPeak: false };
    expect(gemmRow(square, js(1), 1e-6, 0.516e-9, library).invalid).toBeUndefined();
  });

  test("is compared with calling the library", () => {
    const row = gemmRow(square, js(1), 1e-6, 0.25e-9, { directSeconds: 8e-7 });
    expect(row).toMatchObject({ directMs: 0.0008, directRatio: 1.25, overUs: 0.2 });
  });
});

test("the shapes are squares and layers of both kinds", () => {
  const shapes = fewShapes();
  expect(shapes.slice(0, 5).map(({ name }) => name)).toEqual(["64", "128", "256", "384", "512"]);
  expect(shapes.length).toBe(12);
  expect(new Set(shapes.map(({ b }) => b.kind))).toEqual(new Set(["plain", "patch"]));
});

test("a fast provider gets squares up to 1024 and every distinct layer, in both layouts", () => {
  const shapes = allShapes();
  const of = (layout: string) => shapes.filter((shape) => shape.layout === layout).map(({ name }) => name);
  expect(of("nhwc")).toEqual(of("nchw"));
  expect(new Set(of("nchw")).size).toBe(of("nchw").length);
  expect(of("nchw")).toEqual(expect.arrayContaining(["64", "1024", "vgg16 conv5_1", "resnet50 conv1"]));
});

test.each(["nchw", "nhwc"] as const)(
  "a patch with stride and padding is summed as it should be, %s",
  async (layout) => {
    const taps = Array.from({ length: 9 }, (_, i) => ({ dy: Math.floor(i / 3) - 1, dx: (i % 3) - 1 }));
    const [channel, col] = layout === "nchw" ? [72, 1] : [1, 3];
    const b = { kind: "patch", channels: 3, taps, ih: 9, iw: 8, sh: 2, sw: 1, channel, line: 8 * col, col } as const;
    const { check, dispose } = await gemmCase({ name: "", m: 5, k: 27, rows: 5, cols: 8, b, layout }, jsGemm(), 1);
    check();
    dispose();
  },
);

test("--json prints one object a shape on stdout, and the machine on stderr", () => {
  const { status, stdout, stderr } = bench("gemm", "--json", "--only", "64", "--rounds", "3");
  const lines = stdout.trimEnd().split("\n");
  expect(lines.length).toBe(1);
  expect(Object.keys(JSON.parse(lines[0]))).toEqual(
    "provider threads m n k kind ms gflops peakGflops fraction naiveRatio".split(" "),
  );
  expect(stderr).toContain(process.versions.node);
  // A busy machine may spoil a measurement; the exit code then says so.
  expect([0, 1]).toContain(status);
});

test("without --json there is a table", () => {
  const { stdout } = bench("gemm", "--only", "64", "--rounds", "3");
  expect(stdout).toContain("GFLOP/s");
});

test.each([
  ["--provider", "abacus"],
  ["--threads", "0"],
  ["--rounds", "many"],
  ["--threads", "2"],
])("refuses %s %s", (option, value) => {
  const { status, stderr } = bench("gemm", option, value);
  expect(status).not.toBe(0);
  expect(stderr).not.toBe("");
});
