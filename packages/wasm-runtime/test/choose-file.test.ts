import { describe, expect, test } from "vitest";
import { chooseFile, type FileWishes } from "../src/engine/choose-file.ts";
import type { Engine } from "../src/engine/engine.ts";
import type { WasmFeatures } from "../src/engine/features.ts";

const all: WasmFeatures = { simd: true, relaxedSimd: true };
const plain: WasmFeatures = { simd: true, relaxedSimd: false };
const auto: FileWishes = { variant: "auto", tile: undefined, shared: false };
const node = (v8: number): Engine => ({ node: true, v8, architecture: "x64" });
const chromium = (v8: number): Engine => ({ node: false, v8, architecture: undefined });
const other: Engine = { node: false, v8: undefined, architecture: undefined };

describe("the table of engines", () => {
  test.each([
    ["Node 22", node(12), all, "relaxed-3x12-shared"],
    ["Node 24", node(13), all, "relaxed"],
    ["Node 26", node(14), all, "relaxed"],
    ["Node 24 with relaxed SIMD switched off", node(13), plain, "simd"],
    ["Chromium", chromium(15), all, "relaxed"],
    ["an old Chromium", chromium(12), all, "relaxed"],
    ["another engine", other, all, "relaxed"],
    ["another engine without relaxed SIMD", other, plain, "simd"],
  ] as const)("%s", (_, engine, features, file) => {
    expect(chooseFile(auto, features, engine, "test")).toBe(file);
    const shared = file.endsWith("-shared") ? file : `${file}-shared`;
    expect(chooseFile({ ...auto, shared: true }, features, engine, "test")).toBe(shared);
  });
});

test("wishes go before the table", () => {
  expect(chooseFile({ ...auto, variant: "simd" }, all, node(13), "test")).toBe("simd");
  expect(chooseFile({ ...auto, tile: { mr: 3, nr: 12 } }, all, node(13), "test")).toBe("relaxed-3x12-shared");
});

test("what cannot be had is refused with a code", () => {
  const choose = (wishes: Partial<FileWishes>, features: WasmFeatures) => () =>
    chooseFile({ ...auto, ...wishes }, features, node(13), "test");
  const code = (name: string): object => expect.objectContaining({ code: name });
  expect(choose({}, { simd: false, relaxedSimd: false })).toThrowError(code("unsupported.platform"));
  expect(choose({ variant: "relaxed" }, plain)).toThrowError(code("unsupported.platform"));
  expect(choose({ tile: { mr: 5, nr: 8 } }, all)).toThrowError(
    expect.objectContaining({ code: "argument.range", message: expect.stringContaining("6x8, 3x12") }),
  );
});
