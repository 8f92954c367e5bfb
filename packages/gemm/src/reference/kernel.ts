import type { KernelDescriptor } from "../descriptor.ts";
import type { Kernel } from "../provider.ts";
import { compileCopy } from "./copy.ts";
import { compileElementwise } from "./elementwise.ts";
import { compileReferenceGemm } from "./gemm.ts";
import { compileTransform } from "./transform.ts";

/** The reference kernel of any descriptor, over any memory JavaScript can index. Needs no scratch and no tables. */
export function compileReference(descriptor: KernelDescriptor, memory: Float32Array, panelWidth: number): Kernel {
  switch (descriptor.kind) {
    case "gemm":
      return compileReferenceGemm(descriptor, memory, panelWidth);
    case "copy":
      return compileCopy(descriptor, memory, panelWidth);
    case "add":
    case "fill":
    case "activate":
      return compileElementwise(descriptor, memory);
    case "transform":
      return compileTransform(descriptor, memory, panelWidth);
  }
}
