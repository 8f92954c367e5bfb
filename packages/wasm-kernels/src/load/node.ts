import { readFile } from "node:fs/promises";
import type { WasmFileName } from "../files.ts";

/** Reads a file of the package and compiles it. */
export async function loadModule(
  name: WasmFileName,
  compile: (bytes: BufferSource) => WebAssembly.Module | Promise<WebAssembly.Module> = WebAssembly.compile,
): Promise<WebAssembly.Module> {
  const url = new URL(`../../wasm/${name}.wasm`, import.meta.url);
  const bytes = await readFile(url).catch((cause: unknown) => {
    throw new Error(`${url.pathname} is not there (in a checkout it is made by the build)`, { cause });
  });
  return compile(bytes);
}
