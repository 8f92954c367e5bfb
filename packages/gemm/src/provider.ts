import type { Heap, Refusal, Region } from "@leanconv/core";
import type { Executable, ProgramBinding } from "./bind.ts";
import type { KernelDescriptor, PackDescriptor } from "./descriptor.ts";
import type { Program } from "./program.ts";

/** What a provider needs for one kernel. All of it is known before memory exists. */
export interface Footprint {
  /** Workspace besides the slots while the kernel runs, for each thread. */
  readonly scratchBytes: number;
  /** Persistent tables of the compiled kernel. */
  readonly tableBytes: number;
}

/** The packed form of a constant, and how addresses in batches and k become elements of it. */
export interface PackedForm {
  readonly bytes: number;
  readonly batchStride: number;
  readonly kStride: number;
  /** Rows that lie together; a range of rows begins at a multiple. Default 1. */
  readonly panel?: number;
}

/** What became of a wish for threads. */
export interface ThreadStatus {
  readonly wanted: number;
  readonly got: number;
  /** Why there are fewer, or what is unusual about them. */
  readonly reason?: string;
}

export interface Capabilities {
  readonly dtypes: readonly "float32"[];
  readonly memory: "array-buffer" | "wasm" | "external";
  /** Register tile. */
  readonly mr: number;
  readonly nr: number;
  /** The register tile of all products but those of panels, where they are not computed by the same kernels. */
  readonly productTile?: { readonly mr: number; readonly nr: number };
  /** Columns of a panel. */
  readonly panelWidth: number;
  /** Of every region and slot. */
  readonly alignBytes: number;
  readonly threads: number;
  /** How these threads came about, where more than one was asked for. */
  readonly threading?: ThreadStatus;
  /** Heaps are rounded up to this. */
  readonly pageBytes: number;
  /** Bytes of every heap that the provider keeps for itself. */
  readonly reservedBytes: number;
  /** Bytes besides all heaps that the provider holds from opening to `dispose`: words at which its threads wait for work. */
  readonly outsideBytes: number;
  /** Whether one-tap patches with beta 1 skip the products outside of the image. */
  readonly nativePatch: boolean;
  /** Memory that no declared byte counts, in words, such as buffers inside of a library. */
  readonly outside?: string;
}

/** Where a call works. Offsets are elements from the start of the heap; the object is reused from call to call. */
export interface KernelCall {
  a: number;
  b: number;
  c: number;
  bias: number;
  slopes: number;
  source: number;
  target: number;
  values: number;
  rowBegin: number;
  rowEnd: number;
  /** The executing thread's scratch. */
  scratch: number;
  /** Which share of the call to compute, out of `parts`; any number of parts gives the same bits. */
  part: number;
  parts: number;
}

/** A compiled kernel. `run` is synchronous and allocates nothing. */
export interface Kernel {
  run(call: KernelCall): void;
}

/**
 * Executes programs. A provider knows numbers and offsets, no shapes. Opening one is the only `await` besides heaps.
 */
export interface GemmProvider extends Disposable {
  /** Stands in plans and errors: "js", "wasm", ... */
  readonly name: string;
  /** What results may depend on: variant and tile. Equal identities mean interchangeable packed weights and plans. */
  readonly identity: string;
  readonly capabilities: Capabilities;
  readonly disposed: boolean;
  /** Whether a kernel can be compiled, else why not. */
  refuses(descriptor: KernelDescriptor): Refusal | undefined;
  query(descriptor: KernelDescriptor): Footprint;
  packedForm(pack: PackDescriptor): PackedForm;
  /** Elements of `count` columns of B in panels of `depth`. */
  panelElements(depth: number, columns: number): number;
  /** Exactly one memory of `bytes` (rounded up to `pageBytes`), with `reservedBytes` of it for the provider. */
  createHeap(bytes: number): Promise<Heap>;
  /**
   * Packs a constant from the user's array (in any memory) into `target`.
   * @throws `argument.shape` (an array that is too small), `resource.out-of-memory` (a target that is), `state.*`
   */
  pack(pack: PackDescriptor, source: Float32Array, sourceOffset: number, target: Region): void;
  compile(descriptor: KernelDescriptor, heap: Heap): Kernel;
  /** Resolves a program against memory. Checks everything; after it, `run` cannot fail for a reason seen here. */
  bind(program: Program, binding: ProgramBinding): Executable;
  dispose(): void;
}
