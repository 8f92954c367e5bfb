import { type ConvError, convError, type ErrorCode, errorCodes, errorWithin, isConvError } from "@leanconv/core";
import { describe, expect, test } from "vitest";

const codes = Object.keys(errorCodes) as ErrorCode[];

describe("errors", () => {
  test.each(codes)("%s is an error with its code, and a TypeError only if the argument is wrong", (code) => {
    const error = convError(code, { where: "conv1", what: "it is wrong" });
    expect(error).toBeInstanceOf(Error);
    expect(error instanceof TypeError).toBe(code.startsWith("argument."));
    expect(error.code).toBe(code);
    expect(error.name).toBe("ConvError");
    expect(error.message).toBe(`conv1: it is wrong [${code}]`);
    expect(error.details).toEqual({});
    expect(isConvError(error)).toBe(true);
  });

  test("every code is one of six families and has a meaning", () => {
    for (const code of codes) {
      expect(code).toMatch(/^(argument|unsupported|resource|state|provider|internal)\.[a-z0-9-]+$/);
      expect(errorCodes[code].length).toBeGreaterThan(10);
    }
  });

  test("are known by their brand: another copy of this package makes the same", () => {
    const other = Object.assign(new Error("from another copy"), {
      [Symbol.for("@leanconv/error")]: true,
      code: "state.disposed",
    });
    expect(isConvError(other)).toBe(true);
    for (const value of [new Error("x"), new TypeError("x"), { code: "state.disposed" }, null, undefined, "text"]) {
      expect(isConvError(value)).toBe(false);
    }
  });

  test("keep their cause and their details", () => {
    const cause = new Error("below");
    const error: ConvError = convError("provider.failed", {
      ...{ where: "wasm", what: "it trapped", cause, details: { smallestBytes: 4096 } },
    });
    expect(error.cause).toBe(cause);
    expect(error.details).toEqual({ smallestBytes: 4096 });
    expect("cause" in convError("provider.failed", { where: "x", what: "y" })).toBe(false);
  });
});

describe("messages say where, what, got, wanted and what to do", () => {
  const message = (parts: { got?: unknown; wanted?: unknown; fix?: string }): string =>
    convError("argument.shape", { where: "conv1", what: "the shape is wrong", ...parts }).message;

  test.each([
    [{ got: 3, wanted: 4, fix: "use 4" }, "conv1: the shape is wrong; got 3, wanted 4; use 4 [argument.shape]"],
    [{ got: 3 }, "conv1: the shape is wrong; got 3 [argument.shape]"],
    [{ wanted: 4 }, "conv1: the shape is wrong; wanted 4 [argument.shape]"],
    [{ fix: "use 4" }, "conv1: the shape is wrong; use 4 [argument.shape]"],
    [
      { got: [1, [2, 3]], wanted: "n c h w" },
      "conv1: the shape is wrong; got [1, [2, 3]], wanted n c h w [argument.shape]",
    ],
    [{ got: { h: 1 }, wanted: null }, 'conv1: the shape is wrong; got {"h":1}, wanted null [argument.shape]'],
    [{ got: Number.NaN, wanted: 0 }, "conv1: the shape is wrong; got NaN, wanted 0 [argument.shape]"],
  ])("%o", (parts, expected) => {
    expect(message(parts)).toBe(expected);
  });
});

test("an error within something larger keeps its code, details and cause", () => {
  const inner = convError("argument.range", { where: "problem", what: "too large", got: 9, details: { most: 8 } });
  const outer = errorWithin("plan.json", inner);
  expect(outer).toMatchObject({ code: "argument.range", details: { most: 8 }, cause: inner });
  expect(isConvError(outer) && outer.message).toBe("plan.json: problem: too large; got 9 [argument.range]");
  const other = new RangeError("not ours");
  expect(errorWithin("plan.json", other)).toBe(other);
});
