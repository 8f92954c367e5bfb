import { type Heap, roundUp } from "@leanconv/core";
import type { Footprint, Kernel, KernelDescriptor } from "@leanconv/gemm";
import {
  alignBytes,
  compileWasm,
  kernelAt,
  type ThreadKernels,
  type WasmKernel,
  wasmFootprint,
} from "@leanconv/wasm-runtime";
import { type ProductRules, planProduct } from "./product/plan-product.ts";
import {
  encodeProduct,
  ProductKernel,
  productScratchBytes,
  productTableWords,
  type ThreadLibrary,
} from "./product/product-kernel.ts";

// Movers, depthwise products and what BLAS cannot say are the wasm kernels'; the other products are the library's.

/** Scratch and table of a kernel. Pure. */
export function nativeFootprint(descriptor: KernelDescriptor, rules: ProductRules): Footprint {
  if (descriptor.kind !== "gemm") return wasmFootprint(descriptor, rules.tile);
  const plan = planProduct(descriptor, rules);
  if (plan.by === "wasm") return wasmFootprint(plan.descriptor, rules.tile);
  return { scratchBytes: productScratchBytes(plan), tableBytes: roundUp(4 * productTableWords, alignBytes) };
}

/** Writes a kernel's table into the heap and returns the kernel. Allocates the table and small objects. */
export function compileNative(
  descriptor: KernelDescriptor,
  heap: Heap,
  kernels: ThreadKernels,
  library: ThreadLibrary,
  rules: ProductRules,
): WasmKernel {
  if (descriptor.kind !== "gemm") return compileWasm(descriptor, heap, kernels.wasm, rules.tile);
  const plan = planProduct(descriptor, rules);
  if (plan.by === "wasm") return compileWasm(plan.descriptor, heap, kernels.wasm, rules.tile);
  const region = heap.allocate(nativeFootprint(descriptor, rules).tableBytes, "kernel table");
  const words = new Int32Array(heap.buffer, region.byteOffset, productTableWords);
  let at = 0;
  for (const { integers, floats } of encodeProduct(descriptor, plan)) {
    words.set(integers, at);
    for (const [word, value] of floats) region.float32[at + word] = value;
    at += integers.length;
  }
  return new ProductKernel(descriptor, plan, region.byteOffset, kernels, library);
}

/** The kernel whose table lies at this address, on another thread. */
export function nativeKernelAt(
  descriptor: KernelDescriptor,
  table: number,
  kernels: ThreadKernels,
  library: ThreadLibrary,
  rules: ProductRules,
): Kernel {
  if (descriptor.kind !== "gemm") return kernelAt(descriptor, table, kernels);
  const plan = planProduct(descriptor, rules);
  if (plan.by === "wasm") return kernelAt(plan.descriptor, table, kernels);
  return new ProductKernel(descriptor, plan, table, kernels, library);
}
