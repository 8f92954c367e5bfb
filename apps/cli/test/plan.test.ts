import { availableParallelism } from "node:os";
import { formatProblem, network } from "leanconv";
import { expect, test } from "vitest";
import { capture, jsonLines, smallLayers, temporaryFile } from "./captured.ts";

test("plan prints a row a layer and the totals beside full im2col's", async () => {
  const { code, out, err } = await capture("plan", "squeezenet1_1", "--budget", "256KiB");
  expect([code, err]).toEqual([0, ""]);
  const lines = out.trimEnd().split("\n");
  // A 1x1 layer reads the image as it lies.
  expect(lines.find((line) => line.startsWith("fire2/squeeze1x1"))).toMatch(/ (KiB|B) +- +\S+ KiB +\S+ ms$/);
  expect(lines[0]).toMatch(/^squeezenet1_1: 26 layers, provider wasm.*, at most 256 KiB of workspace$/);
  expect(lines.filter((line) => line.startsWith("fire")).length).toBe(24);
  expect(lines.at(-1)).toMatch(/^workspace .* \(full im2col 1\.72 MiB, .*\), packed weights .*, predicted .* ms/);
});

test("--json prints one object a layer, then the summary", async () => {
  const { out } = await capture("plan", "squeezenet1_1", "--budget", "256KiB", "--json");
  const lines = jsonLines(out);
  const { summary } = lines.pop();
  const layers = network("squeezenet1_1");
  expect(lines.map(({ layer, problem }) => [layer, problem])).toEqual(
    layers.map(({ name, problem }) => [name, formatProblem(problem)]),
  );
  for (const line of lines) {
    expect(Object.keys(line)).toEqual([
      ...["network", "layer", "problem", "algorithm", "form", "parameters", "layout"],
      ...["workspaceBytes", "im2colBytes", "packedBytes", "predictedMs"],
    ]);
    expect(line.workspaceBytes).toBeLessThanOrEqual(256 << 10);
  }
  expect(summary).toMatchObject({ network: "squeezenet1_1", layers: 26, budgetBytes: 262144, im2colBytes: 1806336 });
  expect(summary.workspaceBytes).toBe(Math.max(...lines.map(({ workspaceBytes }) => workspaceBytes)));
});

test("--explain shows every candidate of one layer, or of all", async () => {
  const one = await capture("plan", "alexnet", "--explain", "conv3");
  expect(one.out).toMatch(/^conv3 {2}ic256/);
  expect(one.out).toMatch(/kn2row-aa +window.*\n/);
  expect(one.out).toMatch(/kn2col-kw .*unsupported\.layout/);
  const all = await capture("plan", "alexnet", "--explain");
  for (const name of ["conv1", "conv2", "conv3", "conv4", "conv5"]) expect(all.out).toContain(`${name}  ic`);
  const json = jsonLines((await capture("plan", "alexnet", "--explain", "conv3", "--json")).out);
  expect(json.map(({ candidates }) => candidates !== undefined)).toEqual([false, false, true, false, false, false]);
});

test("layers come from a file, in one list or one per network", async () => {
  const list = jsonLines((await capture("plan", temporaryFile("layers.json", smallLayers), "--json")).out);
  expect(list.map(({ network, layer }) => [network, layer]).slice(0, 3)).toEqual([
    ["layers", "first"],
    ["layers", "second"],
    ["layers", "third"],
  ]);
  const two = temporaryFile("layers.json", { a: smallLayers.slice(0, 1), b: smallLayers.slice(1) });
  const lines = jsonLines((await capture("plan", two, "--json", "--provider", "reference", "--layout", "nhwc")).out);
  expect(lines.map((line) => line.summary?.network ?? `${line.network} ${line.layout}`)).toEqual([
    ...["a nhwc", "a", "b nhwc", "b nhwc", "b"],
  ]);
  expect(lines[1].summary.provider).toBe("reference");
});

test("--algorithm leaves one to choose from, refused layers end the plan", async () => {
  const mec = jsonLines((await capture("plan", "alexnet", "--algorithm", "mec", "--json")).out);
  expect(mec.slice(0, 5).map(({ algorithm }) => algorithm)).toEqual(["mec", "mec", "mec", "mec", "mec"]);
  const { code, err } = await capture("plan", "alexnet", "--algorithm", "kn2col-kw");
  expect(code).toBe(1);
  expect(err).toMatch(
    /^leanconv: layer conv1: every candidate refuses it; got kn2col-kw needs an nhwc input; .*--layout nhwc\) \[unsupported\.layout\]\n$/,
  );
});

test("--threads opens the provider with as many, or says that it cannot", async () => {
  const file = temporaryFile("layers.json", smallLayers);
  const plan = await capture("plan", file, "--threads", "2");
  expect([plan.code, plan.err]).toEqual([0, ""]);
  expect(plan.out).toMatch(/^layers: 3 layers, provider wasm-\S+ with 2 threads, no limit/);
  const run = jsonLines((await capture("run", file, "--threads", "2", "--json")).out);
  expect(run.at(-1).summary).toMatchObject({ threads: 2, verified: 3 });
  const { code, err } = await capture("plan", file, "--threads", "2", "--provider", "js");
  expect(code).toBe(1);
  expect(err).toMatch(
    /--threads: the provider "js" cannot have so many.*got 2, wanted at most 1.*unsupported\.threads/,
  );
});

test("--threads auto is as many as there are cores, and with --total as many of them as pay", async () => {
  const file = temporaryFile("layers.json", smallLayers);
  const run = jsonLines((await capture("run", file, "--threads", "auto", "--json")).out);
  expect(run.at(-1).summary).toMatchObject({ threads: availableParallelism(), verified: 3 });
  const alone = jsonLines((await capture("plan", file, "--threads", "auto", "--provider", "js", "--json")).out);
  expect(alone.at(-1).summary.threads).toBe(1);
  const total = async (...more: readonly string[]) =>
    jsonLines((await capture("plan", "alexnet", "--total", "--json", ...more)).out).at(-1).summary;
  const free = await total("--threads", "auto");
  expect(free.threads).toBeLessThanOrEqual(availableParallelism());
  expect(free.predictedMs).toBeLessThanOrEqual((await total("--threads", "1")).predictedMs);
  const wrong = await capture("plan", file, "--threads", "all");
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining("or auto [argument.range]") });
});
