import { expect, test } from "vitest";
import { packageVersion } from "../src/version.ts";
import { capture, captureWith, temporaryFile } from "./captured.ts";

test.each<[what: string, args: string[], code: string, says: RegExp]>([
  ["an unknown network", ["plan", "lenet"], "argument.name", /lenet.*alexnet, .*squeezenet1_1/],
  ["an unknown network to run", ["run", "lenet"], "argument.name", /lenet/],
  ["no network", ["plan"], "argument.format", /network/],
  ["two networks", ["plan", "vgg16", "alexnet"], "argument.format", /arguments/],
  ["a size that is none", ["plan", "vgg16", "--budget", "much"], "argument.format", /--budget.*much/],
  ["a negative size", ["plan", "vgg16", "--budget=-1KiB"], "argument.range", /--budget/],
  ["a size without a value", ["plan", "vgg16", "--budget"], "argument.format", /--budget/],
  [
    "an unknown provider",
    ["plan", "vgg16", "--provider", "cuda"],
    "argument.name",
    /cuda.*wasm, native, js, reference, auto/,
  ],
  ["an unknown layout", ["plan", "vgg16", "--layout", "chw"], "argument.layout", /chw/],
  ["an unknown algorithm", ["run", "vgg16", "--algorithm", "fft"], "argument.name", /fft.*im2col/],
  ["an unknown algorithm to verify", ["verify", "--algorithm", "fft", "x.json"], "argument.name", /fft.*direct/],
  ["a seed that is no number", ["run", "vgg16", "--seed", "x"], "argument.format", /--seed/],
  ["no threads", ["plan", "vgg16", "--threads", "0"], "argument.range", /--threads.*0/],
  ["a negative tolerance", ["verify", "x.json", "--tolerance=-1"], "argument.range", /--tolerance.*-1/],
  ["an unknown option", ["run", "vgg16", "--fast"], "argument.name", /--fast/],
  ["an unknown command", ["train"], "argument.name", /train/],
  ["no files to verify", ["verify"], "argument.format", /cases/],
  ["a file that is not there", ["verify", "nowhere.json"], "argument.name", /nowhere\.json/],
  ["an unknown layer to explain", ["plan", "alexnet", "--explain", "conv9"], "argument.name", /conv9.*conv1/],
  ["the same in JSON", ["plan", "alexnet", "--json", "--explain", "conv9"], "argument.name", /conv9/],
])("%s is one line on stderr, a code and exit 2", async (_, args, code, says) => {
  const { code: exit, out, err } = await capture(...args);
  expect(err).toMatch(says);
  expect(err).toMatch(/^leanconv: [^\n]*\n$/);
  expect(err.trimEnd().endsWith(`[${code}]`), err).toBe(true);
  expect([exit, out]).toEqual([2, ""]);
});

test("files that are no layer tables or cases are refused with their place", async () => {
  const notJson = temporaryFile("layers.json", "{");
  const noLayers = temporaryFile("layers.json", [{ name: "a", problem: "ic1ih2" }]);
  const noCases = temporaryFile("cases.json", { cases: [{ name: "a", input: { shape: [1], data: ["x"] } }] });
  expect((await capture("plan", notJson)).err).toMatch(/layers\.json: .*not JSON.*argument\.format/);
  expect((await capture("plan", noLayers)).err).toMatch(
    /^leanconv: \S+layers\.json: .*layers\[0\] \(a\).*argument\.format/,
  );
  expect((await capture("verify", notJson)).err).toMatch(/not JSON.*argument\.format/);
  expect((await capture("verify", noCases)).err).toMatch(/cases\.0\.input\.data\.0.*argument\.format/);
});

test("a budget that nothing fits is exit 1 and names the least that works", async () => {
  const { code, err } = await capture("plan", "alexnet", "--algorithm", "im2col", "--budget", "1KiB");
  expect(code).toBe(1);
  expect(err).toMatch(/layer conv\d: .*at least \d+ bytes.*\[resource\.over-budget\]\n$/);
});

test("help and version", async () => {
  const help = await capture("--help");
  expect([help.code, help.err]).toEqual([0, ""]);
  for (const command of ["plan", "run", "verify", "networks", "doctor"]) expect(help.out).toContain(command);
  expect((await capture("run", "--help")).out).toContain("--seed");
  expect((await capture("--version")).out).toBe(`${packageVersion()}\n`);
  // Without a command there is nothing to do: help on stderr.
  const nothing = await capture();
  expect([nothing.code, nothing.out]).toEqual([2, ""]);
  expect(nothing.err).toContain("Usage: leanconv");
});

test("colours appear only where they are asked for", async () => {
  const csi = "\u001b[";
  expect((await capture("networks")).out).not.toContain(csi);
  expect((await captureWith({ colors: true }, "networks")).out).toContain(csi);
});
