import relaxed from "../../wasm/relaxed.wasm";
import simd from "../../wasm/simd.wasm";
import type { KernelFileName } from "../files.ts";
import { imported } from "./imported.ts";

/** Hands out the modules that the host compiled when it loaded this worker. */
export async function loadModule(name: KernelFileName): Promise<WebAssembly.Module> {
  return imported({ relaxed, simd }, name);
}
