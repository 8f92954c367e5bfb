import { convError } from "@leanconv/core";
import type { KernelExports, StripExports, TransformExports } from "@leanconv/wasm-kernels";

/** Compiled files that compute in one memory together. */
export interface KernelModules {
  readonly kernels: WebAssembly.Module;
  /** Absent where they could not be had; then tile transforms are refused. */
  readonly transforms?: WebAssembly.Module;
  /** For providers over other libraries. */
  readonly strips?: WebAssembly.Module;
}

/** What the instances of a memory export. */
export interface KernelInstance {
  readonly kernels: KernelExports;
  readonly transforms?: TransformExports;
  readonly strips?: StripExports;
}

/**
 * The kernels on a memory.
 * @throws `provider.load-failed`
 */
export async function instantiateKernels(
  { kernels, transforms, strips }: KernelModules,
  memory: WebAssembly.Memory,
  where: string,
): Promise<KernelInstance> {
  try {
    const { exports } = await WebAssembly.instantiate(kernels, { env: { memory } });
    const imports = { env: { memory }, kernels: exports };
    const tiles = transforms && (await WebAssembly.instantiate(transforms, imports));
    const around = strips && (await WebAssembly.instantiate(strips, imports));
    return exportsOf(exports, tiles, around);
  } catch (cause) {
    throw convError("provider.load-failed", { where, what: "the kernels cannot be instantiated", cause });
  }
}

/** The same at once, in a thread. */
export function instantiateInThread(
  { kernels, transforms, strips }: KernelModules,
  memory: WebAssembly.Memory,
): KernelInstance {
  const { exports } = new WebAssembly.Instance(kernels, { env: { memory } });
  const imports = { env: { memory }, kernels: exports };
  const tiles = transforms && new WebAssembly.Instance(transforms, imports);
  const around = strips && new WebAssembly.Instance(strips, imports);
  return exportsOf(exports, tiles, around);
}

function exportsOf(
  kernels: WebAssembly.Exports,
  transforms: WebAssembly.Instance | undefined,
  strips: WebAssembly.Instance | undefined,
): KernelInstance {
  return {
    kernels: kernels as unknown as KernelExports,
    ...(transforms && { transforms: transforms.exports as unknown as TransformExports }),
    ...(strips && { strips: strips.exports as unknown as StripExports }),
  };
}
