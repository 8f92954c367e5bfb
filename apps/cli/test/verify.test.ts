import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { allAlgorithms } from "leanconv";
import { describe, expect, test } from "vitest";
import { capture, jsonLines, temporaryFile } from "./captured.ts";

const tensor = (shape: number[], data: number[]) => ({ shape, data });
const ones = (...shape: number[]) => tensor(shape, new Array(shape.reduce((a, b) => a * b, 1)).fill(1));

/** The sum of a 2x2 window of ones with one 2, under every activation that case files know. */
const windowCase = (name: string, activation: object | undefined, expected: number[]) => ({
  name,
  input: tensor([1, 1, 2, 3], [1, 1, 1, 1, 1, 2]),
  filter: ones(1, 1, 2, 2),
  bias: tensor([1], [-5]),
  options: { ...(activation && { activation }) },
  expected: tensor([1, 1, 1, 2], expected),
});

const activations = temporaryFile("activations.json", {
  suite: "by hand",
  cases: [
    windowCase("none", undefined, [-1, 0]),
    windowCase("relu", { name: "relu" }, [0, 0]),
    windowCase("relu6", { name: "relu6" }, [0, 0]),
    windowCase("leakyrelu", { name: "leakyrelu", alpha: 2 }, [-2, 0]),
    windowCase("prelu", { name: "prelu", alpha: [3] }, [-3, 0]),
    windowCase("prelu with a number", { name: "prelu", alpha: 3 }, [-3, 0]),
    windowCase("clamp without bounds", { name: "clamp" }, [-1, 0]),
    windowCase("clamp", { name: "clamp", min: -0.5, max: -0.25 }, [-0.5, -0.25]),
    windowCase("hardsigmoid", { name: "hardsigmoid", alpha: 0.25, beta: 0.5 }, [0.25, 0.5]),
    windowCase("sigmoid", { name: "sigmoid" }, [0.26894143, 0.5]),
    windowCase("tanh", { name: "tanh" }, [-0.7615942, 0]),
    windowCase("hardswish", { name: "hardswish" }, [-0.33333334, 0]),
    windowCase("elu", { name: "elu", alpha: 1 }, [-0.63212055, 0]),
  ],
});

test("every form of every algorithm is a row, an algorithm that refuses altogether one", async () => {
  const { code, out } = await capture("verify", activations, "--json");
  expect(code).toBe(0);
  const rows = jsonLines(out);
  const { summary } = rows.pop();
  expect(Object.keys(rows[0])).toEqual([
    ...["file", "case", "algorithm", "form", "parameters", "provider", "status", "maxAbsError", "code"],
  ]);
  const count = (status: string) => rows.filter((row) => row.status === status).length;
  expect(summary).toMatchObject({ ok: count("ok"), fail: 0, refused: count("refused") });
  // Forms of algorithms that took the case by another form have no row, but are counted.
  expect(summary.refusedForms).toContainEqual({
    ...{ algorithm: "im2col", form: "pointwise", code: "unsupported.kernel", count: 13 },
  });
  for (const { name } of [...allAlgorithms, { name: "direct" }]) {
    const own = rows.filter(({ algorithm }) => algorithm === name);
    expect(new Set(own.map((row) => row.case)).size, name).toBe(13);
    const refused = own.filter(({ status }) => status === "refused");
    const codes: Record<string, string> = {
      "kn2col-kw": "unsupported.layout",
      ...{ "winograd-f2": "unsupported.kernel", "winograd-f4": "unsupported.kernel" },
    };
    const code = codes[name];
    expect(
      refused.map((row) => row.code),
      name,
    ).toEqual(code === undefined ? [] : new Array(13).fill(code));
  }
  const forms = rows.filter((row) => row.case === "relu" && row.algorithm === "im2col").map(({ form }) => form);
  expect(forms).toEqual(["full", "strip", "panels"]);
});

test("a wrong value fails with its distance, in JSON and for people, and the exit code is 1", async () => {
  const wrong = temporaryFile("wrong.json", { cases: [windowCase("off", undefined, [-1, 0.25])] });
  const json = await capture("verify", wrong, "--algorithm", "direct", "--json");
  expect(json.code).toBe(1);
  expect(jsonLines(json.out)).toMatchObject([{ status: "fail", maxAbsError: 0.25 }, { summary: { ok: 0, fail: 1 } }]);
  const text = await capture("verify", wrong, "--algorithm", "im2col");
  expect(text.code).toBe(1);
  expect(text.out).toMatch(/FAIL {2}\S*wrong\.json {2}off {2}im2col full {2}off by 0\.25\n/);
  expect(text.out).toMatch(/0 ok, 3 failed, 0 refused\n$/);
});

test("tolerance is relative to the value and to the sum of |x * w|; the case or --tolerance may change it", async () => {
  const one = (expected: number, more: object = {}) => ({
    name: "one",
    input: tensor([1, 1, 1, 2], [1000, 1]),
    filter: tensor([1, 1, 1, 2], [1, -1]),
    options: {},
    expected: tensor([1, 1, 1, 1], [expected]),
    ...more,
  });
  const status = async (one: object, ...args: string[]) => {
    const file = temporaryFile("cases.json", { cases: [one] });
    return jsonLines((await capture("verify", file, "--algorithm", "direct", "--json", ...args)).out)[0].status;
  };
  // 999 * 1e-4 + 1001 * 1e-6 = 0.1009
  expect(await status(one(999.1))).toBe("ok");
  expect(await status(one(999.11))).toBe("fail");
  expect(await status(one(999.9), "--tolerance", "1e-3")).toBe("ok");
  expect(await status(one(999.1), "--tolerance", "0")).toBe("fail");
  expect(await status(one(999.9, { tolerance: 1e-3 }))).toBe("ok");
  expect(await status(one(999.9, { tolerance: 1e-5 }), "--tolerance", "1e-3")).toBe("fail");
});

test("a case that contradicts itself fails with its code and name; the others are computed", async () => {
  const odd = { ...windowCase("odd", undefined, [1, 2]), expected: ones(1, 1, 2, 1) };
  const wide = { ...windowCase("wide", undefined, [1, 2]), filter: ones(1, 1, 2, 4) };
  const file = temporaryFile("cases.json", { cases: [odd, wide, windowCase("even", undefined, [-1, 0])] });
  const { code, out, err } = await capture("verify", file, "--algorithm", "direct", "--json");
  expect(code).toBe(1);
  expect(jsonLines(out)).toMatchObject([
    { case: "odd", algorithm: "none", status: "fail", code: "argument.shape" },
    { case: "wide", algorithm: "none", status: "fail", code: "argument.kernel-exceeds-input" },
    { case: "even", algorithm: "direct", status: "ok" },
    { summary: { ok: 1, fail: 2, refused: 0 } },
  ]);
  expect(err).toMatch(/^leanconv: \S*cases\.json: case "odd": expected.*argument\.shape\]\n/);
  expect((await capture("verify", file)).out).toMatch(/FAIL {2}\S* {2}odd {2}none none {2}argument\.shape\n/);
});

const folder = join(import.meta.dirname, "../../../../shared/conformance/conv2d");

describe.skipIf(!existsSync(folder))("numeric cases of other projects, in ../shared/conformance", () => {
  test.each(["wasm", "js", "reference"])(
    "nothing fails on %s; im2col, implicit-gemm and direct refuse nothing",
    async (provider) => {
      const files = globSync(join(folder, "*.json"));
      const { code, out } = await capture("verify", ...files, "--provider", provider, "--json");
      const rows = jsonLines(out);
      const { summary } = rows.pop();
      expect([code, summary.fail]).toEqual([0, 0]);
      const refusing = new Set(rows.filter(({ status }) => status === "refused").map(({ algorithm }) => algorithm));
      for (const name of ["im2col", "implicit-gemm", "direct"]) expect(refusing).not.toContain(name);
      expect(new Set(rows.map((row) => row.algorithm)).size).toBe(allAlgorithms.length + 1);
    },
  );
});
