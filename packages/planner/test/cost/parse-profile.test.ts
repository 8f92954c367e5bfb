import { isConvError } from "@leanconv/core";
import { nullProvider } from "@leanconv/testing";
import { expect, test } from "vitest";
import { checkProfile, type MachineProfile, parseProfile } from "../../src/index.ts";
import { plainProfile, plainTerms } from "./profiles.ts";

function errorOf(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    if (isConvError(error)) return error;
  }
  throw new Error("no error of ours");
}

test("a profile survives JSON, as text and as data", () => {
  const text = JSON.stringify(plainProfile);
  expect(parseProfile(text)).toEqual(plainProfile);
  expect(parseProfile(JSON.parse(text))).toEqual(plainProfile);
});

const { threads: _threads, ...withoutThreads } = plainProfile;
const wrong: Record<string, readonly [profile: unknown, where: string]> = {
  "no object": [null, "profile"],
  "another version": [{ ...plainProfile, version: 2 }, "version"],
  "a field that is missing": [withoutThreads, "threads"],
  "a field that nobody knows": [{ ...plainProfile, speed: 1 }, "speed"],
  "an empty name": [{ ...plainProfile, machine: { cpu: "", runtime: "x" } }, "machine.cpu"],
  "half a thread": [{ ...plainProfile, threads: { ...plainProfile.threads, count: 0.5 } }, "threads.count"],
  "time that runs backwards": [{ ...plainProfile, callSeconds: { gemm: -1, move: 0 } }, "callSeconds.gemm"],
  "time that never ends": [
    { ...plainProfile, callSeconds: { gemm: Number.POSITIVE_INFINITY, move: 0 } },
    "callSeconds.gemm",
  ],
  "a mover that does not exist": [
    { ...plainProfile, moves: [{ kind: "teleport", form: "tiles", bytesPerSecond: plainProfile.spill }] },
    "moves.0.kind",
  ],
  "sizes that do not ascend": [{ ...plainProfile, spill: { at: [2, 2], values: [1, 1] } }, "spill.at"],
  "a curve with a value too few": [{ ...plainProfile, spill: { at: [1, 2], values: [1] } }, "spill"],
  "a grid with a value too few": [
    {
      ...plainProfile,
      nchw: { ...plainTerms, rates: { ...plainTerms.rates, patch: { m: [1, 2], n: [1], k: [1], values: [1] } } },
    },
    "nchw.rates.patch",
  ],
  "a rate of nothing": [
    {
      ...plainProfile,
      nhwc: { ...plainTerms, rates: { ...plainTerms.rates, plain: { m: [1], n: [1], k: [1], values: [0] } } },
    },
    "nhwc.rates.plain.values.0",
  ],
  "no depthwise": [{ ...plainProfile, nhwc: { ...plainTerms, depthwise: [] } }, "nhwc.depthwise"],
};

test.each(Object.keys(wrong))("refuses %s, and says where", (name) => {
  const [profile, where] = wrong[name];
  const { code, message } = errorOf(() => parseProfile(profile));
  expect(code).toBe("argument.format");
  expect(message).toContain(`parseProfile: ${where}:`);
});

test("refuses text that is no JSON", () => {
  expect(errorOf(() => parseProfile("{")).code).toBe("argument.format");
});

test("a profile belongs to one provider and one number of threads", () => {
  const provider = nullProvider();
  const profile: MachineProfile = { ...plainProfile, provider: { name: "null", identity: provider.identity } };
  expect(checkProfile(profile, provider, 1)).toBeUndefined();
  expect(errorOf(() => checkProfile(profile, provider, 2)).code).toBe("argument.profile-mismatch");
  const other = { ...profile, provider: { name: "null", identity: "null-8x8" } };
  expect(errorOf(() => checkProfile(other, provider, 1)).message).toContain("null-8x8 with 1 thread(s)");
});
