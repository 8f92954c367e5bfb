import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type MachineProfile, parseProfile } from "leanconv";
import { beforeAll, expect, test } from "vitest";
import { capture, jsonLines, smallLayers, temporaryFile } from "./captured.ts";

const layers = temporaryFile("small.json", smallLayers);
const graph = temporaryFile("graph.json", {
  nodes: [
    { kind: "input", name: "data", shape: [1, 3, 17, 15] },
    { kind: "conv", name: "first", inputs: ["data"], problem: "ic3ih17iw15oc8kh3ph1+bias+relu" },
    { kind: "conv", name: "second", inputs: ["first"], problem: "ic8ih17iw15oc8kh3ph1" },
    { kind: "add", name: "sum", inputs: ["first", "second"] },
  ],
});
const file = temporaryFile("machine.json", "");
let profile: MachineProfile;

beforeAll(async () => {
  const { code, out } = await capture("calibrate", "--provider", "js", "-o", file);
  expect(code).toBe(0);
  expect(out).toContain("js-4x4-kc384, 1 thread(s)");
  profile = parseProfile(readFileSync(file, "utf8"));
}, 60_000);

test("plan and run predict with the profile of the machine", async () => {
  const options = ["--provider", "js", "--profile", file, "--json"];
  const { out } = await capture("plan", layers, ...options);
  const { summary } = jsonLines(out).at(-1);
  expect(summary.model).toBe(`js-4x4-kc384/1 on ${profile.machine.cpu}, ${profile.machine.runtime}`);
  expect((await capture("run", layers, ...options)).code).toBe(0);
});

test("plans of everything predict with it as well, and with --measure by what candidates and copies took", async () => {
  const options = ["--provider", "js", "--json"];
  const name = `js-4x4-kc384/1 on ${profile.machine.cpu}, ${profile.machine.runtime}`;
  const total = await capture("plan", graph, "--total", "--budget", "1MiB", "--profile", file, ...options);
  expect(jsonLines(total.out).at(-1).summary.model).toBe(name);
  const shipped = jsonLines((await capture("plan", graph, "--pareto", ...options)).out)[0].predictedMs;
  const front = await capture("plan", graph, "--pareto", "--profile", file, ...options);
  expect(front.code).toBe(0);
  expect(jsonLines(front.out)[0].predictedMs).not.toBe(shipped);
  const measured = await capture("plan", graph, "--total", "--budget", "1MiB", "--measure", ...options);
  expect(jsonLines(measured.out).at(-1).summary).toMatchObject({ model: "measured js-4x4-kc384/1", optimal: true });
  const both = await capture("plan", graph, "--total", "--measure", "--profile", file);
  expect(both).toMatchObject({ code: 2, err: expect.stringContaining("[argument.format]") });
}, 60_000);

test("without a file the profile is the output, and nothing else", async () => {
  const { code, out } = await capture("calibrate", "--provider", "js");
  expect(code).toBe(0);
  expect(parseProfile(out).provider).toEqual(profile.provider);
}, 60_000);

test("a profile of another provider, variant or number of threads is refused", async () => {
  const { provider: identity } = jsonLines((await capture("plan", layers, "--json")).out).at(-1).summary;
  const wasm = { ...profile, provider: { name: "wasm", identity } };
  const variant = temporaryFile("variant.json", { ...wasm, provider: { name: "wasm", identity: `${identity}-other` } });
  const two = temporaryFile("two.json", { ...wasm, threads: { count: 2, speedup: 1.5, barrierSeconds: 0 } });
  for (const other of [file, variant, two]) {
    const { code, err } = await capture("plan", layers, "--profile", other);
    expect([code, err]).toEqual([2, expect.stringContaining(`--profile ${other}: `)]);
    expect(err).toContain(`wanted ${identity} with 1 thread(s)`);
    expect(err).toContain("[argument.profile-mismatch]");
  }
  const own = temporaryFile("own.json", wasm);
  expect((await capture("plan", layers, "--profile", own)).code).toBe(0);
});

test("files that are not there or not in the form are refused", async () => {
  const missing = await capture("plan", layers, "--profile", "nowhere.json");
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining("[argument.name]") });
  const broken = temporaryFile("broken.json", { ...profile, version: 0 });
  const refused = await capture("plan", layers, "--provider", "js", "--profile", broken);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("parseProfile: version:") });
  const nowhere = await capture("calibrate", "--provider", "js", "-o", "/nowhere/at/all.json");
  expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining("--output") });
}, 60_000);

test("--measure plans by what candidates took, and takes no profile", async () => {
  const { code, out } = await capture("plan", layers, "--provider", "js", "--measure", "--json");
  expect(code).toBe(0);
  expect(jsonLines(out).at(-1).summary.model).toBe("measured js-4x4-kc384/1");
  const both = await capture("plan", layers, "--provider", "js", "--measure", "--profile", file);
  expect(both).toMatchObject({ code: 2, err: expect.stringContaining("[argument.format]") });
}, 60_000);

test("profiles of several numbers of threads let the plan choose among them", async () => {
  const wasm = (count: number, speedup: number): MachineProfile => ({
    ...{ ...profile, provider: { name: "wasm", identity } },
    threads: { count, speedup, barrierSeconds: 0 },
  });
  const { provider: identity } = jsonLines((await capture("plan", layers, "--json")).out).at(-1).summary;
  const [one, good, bad] = [wasm(1, 1), wasm(2, 1.9), wasm(2, 0.5)].map((data) => temporaryFile("threads.json", data));
  const threadsOf = async (two: string) => {
    const options = ["--total", "--threads", "auto", "--profile", one, "--profile", two, "--json"];
    return jsonLines((await capture("plan", "alexnet", ...options)).out).at(-1).summary.threads;
  };
  if (availableParallelism() > 1) expect(await threadsOf(good)).toBeGreaterThan(1);
  // What gets into its own way is believed, and a third thread is not expected to make up for it.
  if (availableParallelism() === 2) expect(await threadsOf(bad)).toBe(1);
  const twice = await capture("plan", "alexnet", "--total", "--profile", one, "--profile", one);
  expect(twice).toMatchObject({ code: 2, err: expect.stringContaining("two profiles are of one number of threads") });
  const measured = await capture("plan", graph, "--total", "--threads", "auto", "--measure");
  expect(measured).toMatchObject({ code: 2, err: expect.stringContaining("--threads auto") });
});
