import { type Heap, roundUp } from "@leanconv/core";
import type { Footprint, Kernel, KernelDescriptor } from "@leanconv/gemm";
import { gemmWords, moverWords, transformScratchBytes, transformWords } from "@leanconv/wasm-kernels";
import { encodeGemm, encodeMover, encodeTransform, isVectorTransform, type Words } from "./encode.ts";
import type { KernelInstance } from "./instantiate.ts";
import { kernelAt } from "./kernel-at.ts";
import { planGemm } from "./plan-gemm.ts";
import type { Tile } from "./tile.ts";

/** Tables start at a multiple of this. */
export const alignBytes = 64;

/** Scratch and table of a kernel. Pure. */
export function wasmFootprint(descriptor: KernelDescriptor, tile: Tile): Footprint {
  if (descriptor.kind === "transform") {
    if (!isVectorTransform(descriptor)) return { scratchBytes: 0, tableBytes: 0 };
    return { scratchBytes: transformScratchBytes(tile.nr), tableBytes: roundUp(4 * transformWords, alignBytes) };
  }
  if (descriptor.kind !== "gemm") return { scratchBytes: 0, tableBytes: roundUp(4 * moverWords, alignBytes) };
  const taps = descriptor.b.kind === "patch" ? descriptor.b.taps.length : 0;
  return {
    scratchBytes: planGemm(descriptor, tile).scratchBytes,
    tableBytes: roundUp(4 * (gemmWords + 2 * taps), alignBytes),
  };
}

/** A kernel and where its table lies, for the other threads. */
export interface WasmKernel extends Kernel {
  readonly table: number;
}

/** Writes a kernel's table into the heap and returns the kernel. Allocates the table and one closure. */
export function compileWasm(descriptor: KernelDescriptor, heap: Heap, wasm: KernelInstance, tile: Tile): WasmKernel {
  const encoded = encodeTable(descriptor, tile);
  const table = encoded ? writeTable(heap, encoded, wasmFootprint(descriptor, tile).tableBytes) : 0;
  return { table, ...kernelAt(descriptor, table, { wasm, float32: heap.float32, tile }) };
}

function encodeTable(descriptor: KernelDescriptor, tile: Tile): Words | undefined {
  if (descriptor.kind === "transform") {
    return isVectorTransform(descriptor) ? encodeTransform(descriptor, tile.nr) : undefined;
  }
  return descriptor.kind === "gemm"
    ? encodeGemm(descriptor, planGemm(descriptor, tile), tile)
    : encodeMover(descriptor);
}

function writeTable(heap: Heap, { integers, floats }: Words, bytes: number): number {
  const region = heap.allocate(bytes, "kernel table");
  new Int32Array(heap.buffer, region.byteOffset, integers.length).set(integers);
  for (const [word, value] of floats) region.float32[word] = value;
  return region.byteOffset;
}
