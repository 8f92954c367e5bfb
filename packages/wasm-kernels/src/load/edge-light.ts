import relaxed from "../../wasm/relaxed.wasm?module";
import simd from "../../wasm/simd.wasm?module";
import type { KernelFileName } from "../files.ts";
import { imported } from "./imported.ts";

/** The same as in workerd, in the spelling that this kind of host wants. */
export async function loadModule(name: KernelFileName): Promise<WebAssembly.Module> {
  return imported({ relaxed, simd }, name);
}
