import { roundUp } from "@leanconv/core";
import type { KernelLabel } from "@leanconv/wasm-kernels";
import { inspectModule, inspectTransforms, loadKernels } from "@leanconv/wasm-kernels";
import { instantiateKernels, type KernelModules } from "./instantiate.ts";
import { allocateMemory, pageBytes } from "./linear-memory.ts";

/** A compiled kernel file that was tried out. */
export interface OpenKernels {
  readonly modules: KernelModules;
  /** Why there are no tile transforms. */
  readonly withoutTransforms?: string;
  readonly label: KernelLabel;
  /** Whether its multiply-add rounds once. */
  readonly fused: boolean;
}

/** Looks into a module and instantiates it once, on a memory of one page, to see how it multiplies. */
export async function probe(module: WebAssembly.Module, where: string): Promise<OpenKernels> {
  const label = inspectModule(module, where);
  const memory = allocateMemory(roundUp(label.reservedBytes, pageBytes), label.shared, where);
  const { kernels } = await instantiateKernels({ kernels: module }, memory, where);
  return { modules: { kernels: module }, label, fused: Boolean(kernels.probeFma()) };
}

/**
 * Adds the package's file of tile transforms, for the same kind of memory.
 * @throws `provider.load-failed`, `argument.module`
 */
export async function loadTransforms(
  opened: OpenKernels,
  where: string,
  load: typeof loadKernels = loadKernels,
): Promise<OpenKernels> {
  const transforms = await load(opened.label.shared ? "transforms-shared" : "transforms", where);
  inspectTransforms(transforms, where);
  return { ...opened, modules: { ...opened.modules, transforms } };
}
