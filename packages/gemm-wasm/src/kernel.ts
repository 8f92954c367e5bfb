import { type Heap, roundUp } from "@leanconv/core";
import { compileReference, type Footprint, type Kernel, type KernelCall, type KernelDescriptor } from "@leanconv/gemm";
import { gemmWords, type KernelExports, moverWords } from "@leanconv/wasm-kernels";
import { encodeGemm, encodeMover, type Words } from "./encode.ts";
import { planGemm } from "./plan-gemm.ts";
import type { Tile } from "./tile.ts";

/** Tables start at a multiple of this. */
export const alignBytes = 64;

/** Scratch and table of a kernel. Pure. */
export function wasmFootprint(descriptor: KernelDescriptor, tile: Tile): Footprint {
  if (descriptor.kind === "transform") return { scratchBytes: 0, tableBytes: 0 };
  if (descriptor.kind !== "gemm") return { scratchBytes: 0, tableBytes: roundUp(4 * moverWords, alignBytes) };
  const taps = descriptor.b.kind === "patch" ? descriptor.b.taps.length : 0;
  return {
    scratchBytes: planGemm(descriptor, tile).scratchBytes,
    tableBytes: roundUp(4 * (gemmWords + 2 * taps), alignBytes),
  };
}

/** Writes a kernel's table into the heap and returns the kernel. Allocates the table and one closure. */
export function compileWasm(descriptor: KernelDescriptor, heap: Heap, wasm: KernelExports, tile: Tile): Kernel {
  if (descriptor.kind === "transform") return compileReference(descriptor, heap.float32, tile.nr);
  if (descriptor.kind === "gemm") {
    const plan = planGemm(descriptor, tile);
    const table = writeTable(heap, encodeGemm(descriptor, plan, tile), wasmFootprint(descriptor, tile).tableBytes);
    const paths = {
      planes: wasm.gemmPlanes,
      pixels: wasm.gemmPixels,
      "depthwise-planes": wasm.depthwisePlanes,
      "depthwise-pixels": wasm.depthwisePixels,
    };
    const gemm = paths[plan.path];
    return {
      run(call: KernelCall): void {
        const { a, b, c, bias, slopes, rowBegin, rowEnd, scratch, part, parts } = call;
        gemm(table, 4 * a, 4 * b, 4 * c, 4 * bias, 4 * slopes, rowBegin, rowEnd, 4 * scratch, part, parts);
      },
    };
  }
  const table = writeTable(heap, encodeMover(descriptor), wasmFootprint(descriptor, tile).tableBytes);
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

function writeTable(heap: Heap, { integers, floats }: Words, bytes: number): number {
  const region = heap.allocate(bytes, "kernel table");
  new Int32Array(heap.buffer, region.byteOffset, integers.length).set(integers);
  for (const [word, value] of floats) region.float32[word] = value;
  return region.byteOffset;
}
