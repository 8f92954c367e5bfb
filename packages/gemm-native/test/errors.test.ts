import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GemmDescriptor } from "@leanconv/gemm";
import { wasmGemm } from "@leanconv/gemm-wasm";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { libraryVariable, nativeGemm } from "../src/index.ts";
import { installed } from "./installed.ts";

const failure = (code: string, message: RegExp): object =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });
const loadFailed = (message: RegExp): object => failure("provider.load-failed", message);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leanconv-native-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** A file with the head of a shared library for a machine, and nothing behind it. */
function elfFor(machine: number): string {
  const file = join(folder, `machine-${machine}.so`);
  const header = Buffer.alloc(64);
  header.write("\x7fELF\x02\x01\x01", "latin1");
  header.writeUInt16LE(3, 16);
  header.writeUInt16LE(machine, 18);
  writeFileSync(file, header);
  return file;
}

describe("a library that cannot be used", () => {
  test("a path at which there is nothing", async () => {
    const library = join(folder, "libnothing.so");
    await expect(nativeGemm({ library })).rejects.toThrowError(
      loadFailed(/libnothing\.so: the library cannot be loaded/),
    );
  });

  test("a file that is no library", async () => {
    const library = join(folder, "text.so");
    writeFileSync(library, "not a library");
    await expect(nativeGemm({ library })).rejects.toThrowError(loadFailed(/text\.so: the library cannot be loaded/));
  });

  test("one for another architecture, with both", async () => {
    const [machine, name] = process.arch === "arm64" ? [62, "x64"] : [183, "arm64"];
    await expect(nativeGemm({ library: elfFor(machine) })).rejects.toThrowError(
      loadFailed(new RegExp(`for another architecture; got ${name}, wanted ${process.arch}`)),
    );
  });

  test.skipIf(process.platform !== "linux")("one without the symbols, with their names", async () => {
    await expect(nativeGemm({ library: "libm.so.6" })).rejects.toThrowError(
      loadFailed(/libm\.so\.6: the library lacks the symbols .* wanted dnnl_sgemm or cblas_sgemm/),
    );
  });

  test.skipIf(installed.has("mkl"))("a known one that is not installed, with what to install", async () => {
    await expect(nativeGemm({ library: "mkl" })).rejects.toThrowError(
      loadFailed(/this system has no mkl.*; .+ or name a file in LEANCONV_BLAS/),
    );
  });

  test("the variable is asked where no option says anything", async () => {
    vi.stubEnv(libraryVariable, join(folder, "libnothing.so"));
    await expect(nativeGemm()).rejects.toThrowError(loadFailed(/libnothing\.so/));
  });
});

test.each([0, -1, 1.5, Number.NaN])("%d threads", async (threads) => {
  await expect(nativeGemm({ threads })).rejects.toThrowError(failure("argument.range", /threads/));
});

describe.skipIf(installed.size === 0)("memory", () => {
  const gemm: GemmDescriptor = {
    ...{ kind: "gemm", dtype: "float32", m: 8, k: 4, rows: 1, cols: 8, beta: 0 },
    a: { kind: "plain", m: 4, k: 1 },
    b: { kind: "plain", k: 8, row: 8, col: 1 },
    c: { m: 8, row: 8, col: 1 },
  };
  const wrong = expect.objectContaining({ code: "state.wrong-memory" });

  test("of another provider's heap", async () => {
    using native = await nativeGemm();
    using wasm = await wasmGemm();
    using heap = await wasm.createHeap(65536);
    expect(() => native.compile(gemm, heap)).toThrowError(wrong);
  });

  test("of a heap that another provider of the same name made", async () => {
    using one = await nativeGemm();
    using other = await nativeGemm();
    using heap = await other.createHeap(65536);
    expect(() => one.compile(gemm, heap)).toThrowError(wrong);
  });
});
