import { expect, test } from "vitest";
import { processIo } from "../src/io.ts";

const write = () => true;
const pipe = { write };
const terminal = { write, isTTY: true, columns: 80 };

test("colours follow NO_COLOR, then FORCE_COLOR, then whether stdout is a terminal", () => {
  const colors = (stdout: typeof pipe, env: Record<string, string>) =>
    processIo({ env, stdout, stderr: terminal }).colors;
  expect(colors(terminal, {})).toBe(true);
  expect(colors(terminal, { NO_COLOR: "1" })).toBe(false);
  expect(colors(terminal, { NO_COLOR: "" })).toBe(true);
  expect(colors(terminal, { TERM: "dumb" })).toBe(false);
  expect(colors(pipe, { CI: "1" })).toBe(false);
  expect(colors(pipe, { FORCE_COLOR: "1" })).toBe(true);
  expect(colors(pipe, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
});

test("progress is drawn on terminals that have a width", () => {
  const progress = (stderr: object, env = {}) =>
    processIo({ env, stdout: pipe, stderr: { write, ...stderr } }).progress;
  expect(progress(terminal)).toBe(true);
  expect(progress(pipe)).toBe(false);
  expect(progress({ isTTY: true, columns: 0 })).toBe(false);
  expect(progress(terminal, { TERM: "dumb" })).toBe(false);
});
