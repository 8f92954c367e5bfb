import { isConvError } from "leanconv";
import { expect, test } from "vitest";
import { parseSize } from "../src/parse-size.ts";

test.each([
  ["0", 0],
  ["4096", 4096],
  ["64KiB", 65536],
  ["1MiB", 1048576],
  ["1.5 MiB", 1572864],
  ["2gib", 2 ** 31],
  ["4MB", 4_000_000],
  ["3kB", 3000],
  ["1GB", 1e9],
  [".5kib", 512],
  ["7B", 7],
])("%s is %d bytes", (text, bytes) => {
  expect(parseSize(text, "--budget")).toBe(bytes);
});

test.each([
  ["", "argument.format"],
  ["lots", "argument.format"],
  ["1MiBs", "argument.format"],
  ["1 000", "argument.format"],
  ["0x10", "argument.format"],
  ["1e6", "argument.format"],
  ["KiB", "argument.format"],
  ["-1", "argument.range"],
  ["-1MiB", "argument.range"],
  ["0.5", "argument.range"],
  ["1.3kB1", "argument.format"],
  ["9007199254740993GiB", "argument.range"],
])("%j is refused as %s", (text, code) => {
  try {
    parseSize(text, "--budget");
    expect.unreachable();
  } catch (error) {
    if (!isConvError(error)) throw error;
    expect(error.code).toBe(code);
    expect(error.message).toContain("--budget");
  }
});
