import { expect, test } from "vitest";
import { capture, jsonLines, smallLayers, temporaryFile } from "./captured.ts";

const layers = temporaryFile("layers.json", smallLayers);

test("run computes, checks and measures every layer, in JSON one object each and a summary", async () => {
  const { code, out, err } = await capture("run", layers, "--budget", "8KiB", "--json");
  expect([code, err]).toEqual([0, ""]);
  const lines = jsonLines(out);
  const { summary } = lines.pop();
  expect(lines.map(({ layer, positions }) => [layer, positions >= (layer === "third" ? 200 : 256)])).toEqual([
    ["first", true],
    ["second", true],
    ["third", true],
  ]);
  for (const line of lines) {
    expect(line).toMatchObject({ network: "layers", layout: "nchw", verified: true });
    expect(line.workspaceBytes).toBeLessThanOrEqual(8192);
    for (const key of ["im2colBytes", "predictedMs", "ms", "gflops", "heapBytes"]) expect(line[key]).toBeGreaterThan(0);
    expect(line.maxError).toBeLessThan(1e-5);
  }
  expect(summary).toMatchObject({ network: "layers", layers: 3, verified: 3, budgetBytes: 8192 });
  expect(summary.positions).toBe(lines.reduce((sum, { positions }) => sum + positions, 0));
});

test("every algorithm and layout that takes the layers gives verified outputs, from any seed", async () => {
  for (const args of [
    ["--algorithm", "im2col", "--layout", "nhwc"],
    ["--algorithm", "mec", "--seed", "2"],
    ["--algorithm", "kn2row"],
    ["--algorithm", "kn2row-as", "--layout", "nhwc"],
    ["--algorithm", "implicit-gemm", "--provider", "reference", "--seed", "-5"],
  ]) {
    const { code, out } = await capture("run", layers, "--json", ...args);
    expect(code, args.join(" ")).toBe(0);
    const lines = jsonLines(out);
    expect(lines.at(-1).summary.verified).toBe(3);
    expect(new Set(lines.slice(0, 3).map(({ algorithm }) => algorithm))).toEqual(new Set([args[1]]));
  }
});

test("the same seed gives the same errors, another seed others", async () => {
  const errors = async (seed: string) =>
    jsonLines((await capture("run", layers, "--json", "--seed", seed)).out).map(({ maxError }) => maxError);
  const first = await errors("1");
  expect(await errors("1")).toEqual(first);
  expect(await errors("2")).not.toEqual(first);
});

test("for people there is a title, a table and a closing line", async () => {
  const { out } = await capture("run", layers, "--budget", "64KiB");
  const lines = out.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^Running the 3 convolutions of layers with at most 64 KiB of workspace, provider wasm/);
  expect(lines[3]).toMatch(
    /^layer +problem +algorithm +form +workspace +full im2col +predicted +measured +GFLOP\/s +error$/,
  );
  expect(lines[4]).toMatch(/^first +3->8 3x3 p1 @17x23 .* ms .* ms .*e-\d$/);
  expect(lines.at(-2)).toMatch(/^All 3 layers verified at \d+ positions\. Largest workspace .*; full im2col needs/);
  expect(lines.at(-1)).toMatch(/^[\d.]+ ms in all \(predicted [\d.]+ ms\), [\d.]+ GFLOP\/s\.$/);
});
