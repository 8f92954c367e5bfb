import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { parsePlan } from "leanconv";
import { expect, test } from "vitest";
import { capture, jsonLines, smallLayers, temporaryFile } from "./captured.ts";

/** A chain with a sum, small enough to be checked everywhere. */
const graph = {
  nodes: [
    { kind: "input", name: "data", shape: [1, 3, 17, 15] },
    { kind: "conv", name: "first", inputs: ["data"], problem: "ic3ih17iw15oc8kh3ph1+bias+relu" },
    { kind: "max-pool", name: "pool", inputs: ["first"], kernel: [2, 2], strides: [2, 2] },
    { kind: "conv", name: "second", inputs: ["pool"], problem: "ic8ih8iw7oc8kh3ph1+bias" },
    { kind: "custom", name: "noise", inputs: ["pool"], shape: [1, 8, 8, 7] },
    { kind: "add", name: "sum", inputs: ["second", "noise"], activation: { kind: "relu" } },
  ],
};

test("--total plans a network under one budget, --json adds the sums up", async () => {
  const { code, out } = await capture("plan", "squeezenet1_1", "--total", "--budget", "16MiB", "--provider", "js");
  expect(code).toBe(0);
  expect(out).toMatch(/^squeezenet1_1: provider js.*at most 16 MiB in all/);
  expect(out).toMatch(/\nfire2\/concat +concat/);
  expect(out).toMatch(/\none MiB more (saves|buys nothing)/);
  expect(out).toContain("tensors and workspace over the steps (alive, MiB)");
  expect(out).toMatch(/ in all: .* of packed constants, .* of tensors and workspace \(no gap\)/);
  const lines = jsonLines((await capture("plan", "squeezenet1_1", "--total", "--json", "--provider", "js")).out);
  const { summary } = lines.pop();
  expect(lines).toHaveLength(39);
  expect(summary.providerBytes + summary.packedBytes + summary.tableBytes + summary.arenaBytes).toBe(summary.usedBytes);
  expect(lines.reduce((sum, line) => sum + (line.packedBytes ?? 0), 0)).toBe(summary.packedBytes);
});

test("a budget too small is refused with the least that works, which then works", async () => {
  const file = temporaryFile("graph.json", graph);
  const first = await capture("plan", file, "--total", "--budget", "1KiB", "--provider", "js");
  expect(first.code).toBe(1);
  const [, smallest] = /raise the budget to (\d+) bytes/.exec(first.err) as unknown as [string, string];
  expect((await capture("plan", file, "--total", "--budget", smallest, "--provider", "js")).code).toBe(0);
  const less = await capture("plan", file, "--total", "--budget", `${Number(smallest) - 1}`, "--provider", "js");
  expect([less.code, less.err]).toEqual([1, expect.stringContaining("resource.over-budget")]);
});

test.each(["js", "wasm"])("a plan is written, read back and run in exactly its bytes, on %s", async (provider) => {
  const plan = join(dirname(temporaryFile("graph.json", graph)), "plan.json");
  const source = join(dirname(plan), "graph.json");
  expect((await capture("plan", source, "--total", "--provider", provider, "-o", plan)).code).toBe(0);
  expect(parsePlan(readFileSync(plan, "utf8")).kind).toBe("network");
  const { code, out } = await capture("run", "--plan", plan);
  expect([code, out]).toEqual([0, expect.stringMatching(/^All 2 convolutions verified at 512 positions/)]);
  expect(out).toMatch(/: (\d+) bytes used, \1 declared\./);
  const { summary } = jsonLines((await capture("run", "--plan", plan, "--json")).out).pop();
  expect(summary).toMatchObject({ convolutions: 2, verified: 2, highWaterBytes: summary.declaredBytes });
});

test("layers without edges are planned and run as a whole too", async () => {
  const source = temporaryFile("layers.json", smallLayers);
  const plan = join(dirname(source), "plan.json");
  expect((await capture("plan", source, "--total", "--provider", "js", "-o", plan)).code).toBe(0);
  expect((await capture("run", "--plan", plan)).out).toMatch(/^All 3 convolutions verified/);
});

test("a plan of layers is written and run as well", async () => {
  const source = temporaryFile("layers.json", smallLayers);
  const plan = join(dirname(source), "plan.json");
  expect((await capture("plan", source, "--provider", "js", "-o", plan)).code).toBe(0);
  expect((await capture("run", "--plan", plan)).out).toMatch(/All 3 layers verified/);
});

test("--pareto prints the front and draws it", async () => {
  const { code, out } = await capture("plan", "alexnet_ungrouped", "--pareto", "--provider", "js");
  expect(code).toBe(0);
  expect(out).toMatch(/^alexnet_ungrouped: \d+ plans? (is|are) worth having; no plan is faster and smaller\n/);
  expect(out).toContain("tensors and workspace over the steps (alive, MiB)");
  const file = temporaryFile("graph.json", graph);
  const folder = join(dirname(file), "charts");
  const drawn = await capture("plan", file, "--pareto", "--provider", "js", "--json", "--svg", folder);
  const lines = jsonLines(drawn.out);
  expect(lines.at(-1)).toMatchObject({ summary: { points: lines.length - 1, exact: true } });
  for (const name of ["graph-pareto.svg", "graph-memory.svg"]) {
    expect(readFileSync(join(folder, name), "utf8")).toMatch(/^<svg /);
    expect(drawn.err).toContain(name);
  }
});

test("a preset is a budget, a layout of the caller's is kept to, a layer explains itself", async () => {
  const { out } = await capture("plan", "alexnet", "--total", "--budget", "edge-128", "--provider", "js");
  expect(out).toContain("at most 96 MiB in all");
  const file = temporaryFile("graph.json", graph);
  for (const layout of ["nchw", "nhwc"]) {
    const lines = jsonLines(
      (await capture("plan", file, "--total", "--layout", layout, "--provider", "js", "--json")).out,
    );
    const of = (name: string) => lines.find(({ node }) => node === name).outputLayout;
    expect([of("data"), of("sum")]).toEqual([layout, layout]);
  }
  const one = await capture("plan", file, "--total", "--explain", "second", "--provider", "js");
  expect(one.out).toMatch(/^second {2}ic8/);
  expect(one.out).toMatch(/chosen/);
});

test("a plan for any number of threads runs where it was made", async () => {
  const file = temporaryFile("graph.json", graph);
  const plan = join(dirname(file), "plan.json");
  expect((await capture("plan", file, "--total", "--threads", "auto", "-o", plan)).code).toBe(0);
  const { provider, threads } = parsePlan(readFileSync(plan, "utf8"));
  // So small a network is best on one thread, whose provider has more.
  expect([threads, provider.threads]).toEqual([1, availableParallelism()]);
  expect((await capture("run", "--plan", plan)).out).toMatch(/^All 2 convolutions verified/);
});

test("a plan that was edited is not run, and the file is named", async () => {
  const file = temporaryFile("graph.json", graph);
  const plan = join(dirname(file), "plan.json");
  await capture("plan", file, "--total", "--provider", "js", "-o", plan);
  const edited = JSON.parse(readFileSync(plan, "utf8"));
  const pool = edited.nodes[2];
  pool.inputLayout = pool.inputLayout === "nchw" ? "nhwc" : "nchw";
  const { code, err } = await capture("run", "--plan", temporaryFile("edited.json", edited));
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/^leanconv: --plan \S+edited\.json: .*layer pool: .*\[argument\.plan-mismatch\]/),
  ]);
  const foreign = temporaryFile("foreign.json", { ...edited, provider: { ...edited.provider, name: "mine" } });
  expect((await capture("run", "--plan", foreign)).err).toMatch(/^leanconv: --plan \S+foreign\.json: /);
});

test("where a plan cannot be written is said before anything is planned", async () => {
  const file = temporaryFile("graph.json", graph);
  for (const [output, why] of [
    [dirname(file), "it is a folder"],
    [join(dirname(file), "none", "plan.json"), "ENOENT"],
  ]) {
    for (const more of [["--total"], ["--pareto"], []]) {
      const { code, out, err } = await capture("plan", more.length > 0 ? file : "alexnet", ...more, "-o", output);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(new RegExp(`^leanconv: --output: cannot be written: .*${why}.*\\[argument\\.name\\]\n$`));
    }
  }
  const two = temporaryFile("layers.json", { a: smallLayers.slice(0, 1), b: smallLayers.slice(1) });
  for (const more of [["--total"], []]) {
    const { out, err } = await capture("plan", two, ...more, "-o", join(dirname(file), "plan.json"));
    expect([out, err]).toEqual(["", expect.stringContaining("several networks")]);
  }
  const drawn = await capture("plan", file, "--total", "--provider", "js", "--json", "--svg", join(file, "charts"));
  expect([drawn.code, drawn.err]).toEqual([2, expect.stringMatching(/^leanconv: --svg: cannot be written/)]);
});

test("a plan is written through a link, which stays one", async () => {
  const file = temporaryFile("graph.json", graph);
  const [plan, link] = ["plan.json", "link.json"].map((name) => join(dirname(file), name));
  writeFileSync(plan, "");
  symlinkSync(plan, link);
  expect((await capture("plan", file, "--total", "--provider", "js", "-o", link)).code).toBe(0);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(parsePlan(readFileSync(plan, "utf8")).kind).toBe("network");
});

test("a network of nothing is planned and run", async () => {
  const plan = join(dirname(temporaryFile("x", "")), "plan.json");
  const nothing = temporaryFile("graph.json", { nodes: [{ kind: "input", name: "data", shape: [1, 1, 2, 2] }] });
  expect((await capture("plan", nothing, "--total", "--provider", "js", "-o", plan)).code).toBe(0);
  expect((await capture("run", "--plan", plan)).out).toMatch(/^All 0 convolutions verified/);
});

test("what does not go together is refused", async () => {
  const refused = async (...args: readonly string[]) => (await capture(...args)).err;
  const nowhere = join(dirname(temporaryFile("x", "")), "nowhere");
  expect(await refused("run")).toContain("argument.name");
  expect(await refused("run", "alexnet", "--plan", "plan.json")).toContain("argument.name");
  expect(await refused("run", "--plan", nowhere)).toContain("argument.name");
  expect(await refused("run", "--plan", temporaryFile("plan.json", "[]"))).toContain("argument.plan-mismatch");
  expect(await refused("plan", "alexnet", "--svg", nowhere)).toContain("add --total");
  expect(await refused("plan", temporaryFile("graph.json", graph))).toMatch(
    /graph\.json: .*add --total.*argument\.format/,
  );
  expect(await refused("plan", "alexnet", "--pareto", "--explain", "conv1")).toMatch(/--explain: .*argument\.format/);
  const both = await refused("run", "--plan", "plan.json", "--budget", "1MiB", "--threads", "2", "--layout", "nhwc");
  expect(both).toMatch(/got --budget, --threads, --layout; .*argument\.format/);
  expect(existsSync(nowhere)).toBe(false);
  const cyclic = { nodes: [{ kind: "add", name: "a", inputs: ["b"] }] };
  expect(await refused("plan", temporaryFile("graph.json", cyclic), "--total")).toContain("argument.name");
});
