import { convError } from "@leanconv/core";
import type { KernelExports } from "../exports.ts";

/**
 * The kernels on a memory.
 * @throws `provider.load-failed`
 */
export async function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  where: string,
): Promise<KernelExports> {
  try {
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
    return exports as unknown as KernelExports;
  } catch (cause) {
    throw convError("provider.load-failed", { where, what: "the kernels cannot be instantiated", cause });
  }
}
