import type { WasmFileName } from "../files.ts";

/** Hosts that compile no bytes at run time have what was imported, and nothing else. */
export function imported(
  modules: Readonly<Partial<Record<WasmFileName, WebAssembly.Module>>>,
  name: WasmFileName,
): WebAssembly.Module {
  const module = modules[name];
  if (module !== undefined) return module;
  throw new Error(`edge workers have ${Object.keys(modules).join(", ")} only: no threads, no other tiles`);
}
