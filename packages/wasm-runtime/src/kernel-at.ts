import { compileReference, type Kernel, type KernelCall, type KernelDescriptor } from "@leanconv/gemm";
import { isVectorTransform } from "./encode.ts";
import type { KernelInstance } from "./instantiate.ts";
import { planGemm } from "./plan-gemm.ts";
import type { Tile } from "./tile.ts";

/** The memory of a heap and the kernels on it, of one thread. */
export interface ThreadKernels {
  readonly wasm: KernelInstance;
  readonly float32: Float32Array;
  readonly tile: Tile;
}

/** The kernel whose table lies at this address. Every thread makes its own over the same table. */
export function kernelAt(descriptor: KernelDescriptor, table: number, { wasm, float32, tile }: ThreadKernels): Kernel {
  const { kernels, transforms } = wasm;
  if (descriptor.kind === "transform") {
    // Without them the provider refuses transforms.
    if (transforms === undefined || !isVectorTransform(descriptor))
      return compileReference(descriptor, float32, tile.nr);
    return {
      run(call: KernelCall): void {
        const { source, target, bias, slopes, rowBegin, rowEnd, scratch, part, parts } = call;
        const from = 4 * source;
        transforms.transform(table, from, 4 * target, 4 * bias, 4 * slopes, rowBegin, rowEnd, 4 * scratch, part, parts);
      },
    };
  }
  if (descriptor.kind === "gemm") {
    const paths = {
      planes: kernels.gemmPlanes,
      pixels: kernels.gemmPixels,
      "depthwise-planes": kernels.depthwisePlanes,
      "depthwise-pixels": kernels.depthwisePixels,
    };
    const gemm = paths[planGemm(descriptor, tile).path];
    return {
      run(call: KernelCall): void {
        const { a, b, c, bias, slopes, rowBegin, rowEnd, scratch, part, parts } = call;
        gemm(table, 4 * a, 4 * b, 4 * c, 4 * bias, 4 * slopes, rowBegin, rowEnd, 4 * scratch, part, parts);
      },
    };
  }
  if (descriptor.kind === "copy") {
    return {
      run(call: KernelCall): void {
        kernels.copy(table, 4 * call.source, 4 * call.target, call.rowBegin, call.rowEnd, call.part, call.parts);
      },
    };
  }
  const { kind } = descriptor;
  const operation = kind === "add" ? 0 : kind === "activate" ? 3 : typeof descriptor.value === "number" ? 1 : 2;
  return {
    run(call: KernelCall): void {
      const other = kind === "add" ? call.source : kind === "fill" ? call.values : call.slopes;
      kernels.elementwise(
        table,
        operation,
        4 * call.target,
        4 * other,
        call.rowBegin,
        call.rowEnd,
        call.part,
        call.parts,
      );
    },
  };
}
