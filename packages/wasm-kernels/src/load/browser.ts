import type { WasmFileName } from "../files.ts";

// One literal a file: bundlers find assets by this expression and rewrite it.
const urls: Readonly<Partial<Record<WasmFileName, () => URL>>> = {
  simd: () => new URL("../../wasm/simd.wasm", import.meta.url),
  "simd-shared": () => new URL("../../wasm/simd-shared.wasm", import.meta.url),
  relaxed: () => new URL("../../wasm/relaxed.wasm", import.meta.url),
  "relaxed-shared": () => new URL("../../wasm/relaxed-shared.wasm", import.meta.url),
  transforms: () => new URL("../../wasm/transforms.wasm", import.meta.url),
  "transforms-shared": () => new URL("../../wasm/transforms-shared.wasm", import.meta.url),
};

/** Fetches a file and compiles it while it arrives; servers that send another media type cost that overlap. */
export async function loadModule(name: WasmFileName): Promise<WebAssembly.Module> {
  const url = urls[name]?.();
  if (url === undefined) throw new Error("pages have no file of this name");
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
  if (response.headers.get("content-type") === "application/wasm") return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
