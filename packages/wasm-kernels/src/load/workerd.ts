import relaxed from "../../wasm/relaxed.wasm";
import simd from "../../wasm/simd.wasm";
import transforms from "../../wasm/transforms.wasm";
import type { WasmFileName } from "../files.ts";
import { imported } from "./imported.ts";

/** Hands out the modules that the host compiled when it loaded this worker. */
export async function loadModule(name: WasmFileName): Promise<WebAssembly.Module> {
  return imported({ relaxed, simd, transforms }, name);
}
