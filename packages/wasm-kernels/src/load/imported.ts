import type { KernelFileName, TransformFileName } from "../files.ts";

/** Hosts that compile no bytes at run time have what was imported, and nothing else. */
export function imported(
  modules: Readonly<Partial<Record<KernelFileName | TransformFileName, WebAssembly.Module>>>,
  name: KernelFileName | TransformFileName,
): WebAssembly.Module {
  const module = modules[name];
  if (module !== undefined) return module;
  throw new Error(`edge workers have ${Object.keys(modules).join(", ")} only: no threads, no other tiles`);
}
