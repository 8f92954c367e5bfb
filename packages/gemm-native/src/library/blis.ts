import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { blisSkx } from "./environment.ts";
import { optionalFunction, textOf } from "./functions.ts";
import type { NativeLibrary } from "./koffi.ts";
import type { Processor } from "./processor.ts";

/**
 * Whether BLIS can be told to take its AVX-512 kernels, which it may not by itself. Only asked on processors that have
 * the instructions, where the user has not chosen: a process is started, since BLIS ends the one in which it is told of
 * a core that it was built without.
 */
export function blisTakesSkx(file: string, processor: Processor | undefined): boolean {
  if (!processor?.avx512 || process.env.BLIS_ARCH_TYPE !== undefined) return false;
  const script = new URL(import.meta.url.endsWith(".ts") ? "./blis-core.ts" : "./blis-core.js", import.meta.url);
  const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(script), file], {
    encoding: "utf8",
    env: { ...process.env, BLIS_ARCH_TYPE: blisSkx },
  });
  return status === 0 && stdout.trim() === "skx";
}

/** Makes BLIS choose its kernels, which it does by the variables that are set at this moment. */
export function startBlis(library: NativeLibrary): void {
  optionalFunction(library, "void", "bli_init", [])?.();
}

export function blisVersion(library: NativeLibrary): string {
  return textOf(library, "bli_info_get_version_str");
}

export function blisKernel(library: NativeLibrary): string {
  const core = optionalFunction(library, "int", "bli_arch_query_id", [])?.();
  const name = optionalFunction(library, "const char*", "bli_arch_string", ["int"]);
  return typeof core === "number" ? String(name?.(core) ?? core) : "";
}

/** Bits of the integers that its cblas takes. */
export function blisIntegerBits(library: NativeLibrary): number {
  return Number(optionalFunction(library, "int64_t", "bli_info_get_blas_int_type_size", [])?.() ?? 32);
}
