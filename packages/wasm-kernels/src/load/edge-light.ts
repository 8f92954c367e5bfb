import relaxed from "../../wasm/relaxed.wasm?module";
import simd from "../../wasm/simd.wasm?module";
import transforms from "../../wasm/transforms.wasm?module";
import type { WasmFileName } from "../files.ts";
import { imported } from "./imported.ts";

/** The same as in workerd, in the spelling that this kind of host wants. */
export async function loadModule(name: WasmFileName): Promise<WebAssembly.Module> {
  return imported({ relaxed, simd, transforms }, name);
}
