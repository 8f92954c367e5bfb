import { compileReference, type Kernel, type KernelCall, type KernelDescriptor } from "@leanconv/gemm";
import type { KernelExports } from "@leanconv/wasm-kernels";
import { isVectorTransform } from "./encode.ts";
import { planGemm } from "./plan-gemm.ts";
import type { Tile } from "./tile.ts";

/** The memory of a heap and the kernels on it, of one thread. */
export interface ThreadKernels {
  readonly wasm: KernelExports;
  readonly float32: Float32Array;
  readonly tile: Tile;
}

/** The kernel whose table lies at this address. Every thread makes its own over the same table. */
export function kernelAt(descriptor: KernelDescriptor, table: number, { wasm, float32, tile }: ThreadKernels): Kernel {
  if (descriptor.kind === "transform") {
    if (!isVectorTransform(descriptor)) return compileReference(descriptor, float32, tile.nr);
    return {
      run(call: KernelCall): void {
        const { source, target, bias, slopes, rowBegin, rowEnd, scratch, part, parts } = call;
        const from = 4 * source;
        wasm.transform(table, from, 4 * target, 4 * bias, 4 * slopes, rowBegin, rowEnd, 4 * scratch, part, parts);
      },
    };
  }
  if (descriptor.kind === "gemm") {
    const paths = {
      planes: wasm.gemmPlanes,
      pixels: wasm.gemmPixels,
      "depthwise-planes": wasm.depthwisePlanes,
      "depthwise-pixels": wasm.depthwisePixels,
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
        wasm.copy(table, 4 * call.source, 4 * call.target, call.rowBegin, call.rowEnd, call.part, call.parts);
      },
    };
  }
  const { kind } = descriptor;
  const operation = kind === "add" ? 0 : kind === "activate" ? 3 : typeof descriptor.value === "number" ? 1 : 2;
  return {
    run(call: KernelCall): void {
      const other = kind === "add" ? call.source : kind === "fill" ? call.values : call.slopes;
      wasm.elementwise(table, operation, 4 * call.target, 4 * other, call.rowBegin, call.rowEnd, call.part, call.parts);
    },
  };
}
