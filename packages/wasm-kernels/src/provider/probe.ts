import { roundUp } from "@leanconv/core";
import { inspectModule } from "../inspect-module.ts";
import type { KernelLabel } from "../label.ts";
import { instantiateKernels } from "./instantiate.ts";
import { allocateMemory, pageBytes } from "./linear-memory.ts";

/** A compiled kernel file that was tried out. */
export interface OpenKernels {
  readonly module: WebAssembly.Module;
  readonly label: KernelLabel;
  /** Whether its multiply-add rounds once. */
  readonly fused: boolean;
}

/** Looks into a module and instantiates it once, on a memory of one page, to see how it multiplies. */
export async function probe(module: WebAssembly.Module, where: string): Promise<OpenKernels> {
  const label = inspectModule(module, where);
  const memory = allocateMemory(roundUp(label.reservedBytes, pageBytes), label.shared, where);
  const { probeFma } = await instantiateKernels(module, memory, where);
  return { module, label, fused: Boolean(probeFma()) };
}
