import { convError } from "@leanconv/core";
import type { KernelExports, TransformExports } from "@leanconv/wasm-kernels";

/** Compiled files that compute in one memory together. */
export interface KernelModules {
  readonly kernels: WebAssembly.Module;
  /** Absent where they could not be had; then tile transforms are refused. */
  readonly transforms?: WebAssembly.Module;
}

/** What the instances of a memory export. */
export interface KernelInstance {
  readonly kernels: KernelExports;
  readonly transforms?: TransformExports;
}

/**
 * The kernels on a memory.
 * @throws `provider.load-failed`
 */
export async function instantiateKernels(
  { kernels, transforms }: KernelModules,
  memory: WebAssembly.Memory,
  where: string,
): Promise<KernelInstance> {
  try {
    const instance = await WebAssembly.instantiate(kernels, { env: { memory } });
    const exports = instance.exports as unknown as KernelExports;
    if (transforms === undefined) return { kernels: exports };
    const tiles = await WebAssembly.instantiate(transforms, { env: { memory }, kernels: instance.exports });
    return { kernels: exports, transforms: tiles.exports as unknown as TransformExports };
  } catch (cause) {
    throw convError("provider.load-failed", { where, what: "the kernels cannot be instantiated", cause });
  }
}

/** The same at once, in a thread. */
export function instantiateInThread(
  { kernels, transforms }: KernelModules,
  memory: WebAssembly.Memory,
): KernelInstance {
  const { exports } = new WebAssembly.Instance(kernels, { env: { memory } });
  const tiles = transforms && new WebAssembly.Instance(transforms, { env: { memory }, kernels: exports });
  return {
    kernels: exports as unknown as KernelExports,
    ...(tiles && { transforms: tiles.exports as unknown as TransformExports }),
  };
}
