import { convError } from "./error.ts";
import { roundUp } from "./integer.ts";

/** A named piece of one heap. Regions know their heap; offsets into `float32` are elements from the region's start. */
export interface Region {
  readonly name: string;
  readonly heap: Heap;
  /** From the start of the heap's buffer. */
  readonly byteOffset: number;
  readonly bytes: number;
  readonly float32: Float32Array;
}

export interface HeapOptions {
  /** The provider that made the heap; stands in messages. */
  readonly provider: string;
  /** Every region starts at a multiple of this. */
  readonly alignBytes: number;
  /** Bytes at the start that the provider keeps for itself (stack, job blocks). */
  readonly reservedBytes?: number;
  readonly onDispose?: () => void;
}

/**
 * The bytes of a heap that holds regions of exactly these sizes: what the provider keeps for itself, then every region
 * rounded up to the alignment, in any order. `provider.capabilities` serves as options.
 */
export function heapBytes(
  sizes: readonly number[],
  { alignBytes, reservedBytes }: { readonly alignBytes: number; readonly reservedBytes: number },
): number {
  return sizes.reduce((sum, bytes) => sum + roundUp(bytes, alignBytes), roundUp(reservedBytes, alignBytes));
}

/**
 * One memory of fixed size in which tensors, packed weights, tables and workspace all live. It never grows.
 * Regions are taken one after the other; `mark` and `release` give back everything taken since.
 */
export class Heap {
  readonly provider: string;
  readonly buffer: ArrayBufferLike;
  readonly bytes: number;
  readonly alignBytes: number;
  readonly reservedBytes: number;
  /** The whole heap; kernels index it with element offsets from its start. */
  readonly float32: Float32Array;
  readonly #onDispose: (() => void) | undefined;
  #top: number;
  #highWater: number;
  #disposed = false;

  constructor(buffer: ArrayBufferLike, options: HeapOptions) {
    this.provider = options.provider;
    this.buffer = buffer;
    this.bytes = buffer.byteLength;
    this.alignBytes = options.alignBytes;
    this.reservedBytes = options.reservedBytes ?? 0;
    this.float32 = new Float32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
    this.#onDispose = options.onDispose;
    this.#top = Math.min(this.bytes, roundUp(this.reservedBytes, this.alignBytes));
    this.#highWater = this.#top;
  }

  /** Bytes in use, with the provider's own and the gaps of alignment. */
  get usedBytes(): number {
    return this.#top;
  }

  /** The most `usedBytes` has ever been. */
  get highWaterBytes(): number {
    return this.#highWater;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /**
   * Takes `bytes` at the next aligned place, and the gap to the one after it: `heapBytes` adds up exactly this.
   * @throws `argument.range` for a size that is not a whole number; `resource.out-of-memory` with the numbers;
   * `state.disposed`, `state.detached`.
   */
  allocate(bytes: number, name = "region"): Region {
    this.assertUsable(name);
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw convError("argument.range", { where: `heap.allocate(${name})`, what: "a size in whole bytes", got: bytes });
    }
    const byteOffset = this.#top;
    if (byteOffset + bytes > this.bytes) {
      throw convError("resource.out-of-memory", {
        where: `heap.allocate(${name})`,
        what: "the heap is too small and never grows",
        got: `${bytes} bytes with ${Math.max(0, this.bytes - byteOffset)} of ${this.bytes} left`,
        fix: "create the heap with the bytes that the plan or the requirements declare",
        details: { requestedBytes: bytes, freeBytes: Math.max(0, this.bytes - byteOffset), heapBytes: this.bytes },
      });
    }
    // A heap that ends between two alignments can still be filled to its last byte.
    this.#top = Math.min(this.bytes, roundUp(byteOffset + bytes, this.alignBytes));
    this.#highWater = Math.max(this.#highWater, this.#top);
    const float32 = new Float32Array(this.buffer, byteOffset, Math.floor(bytes / 4));
    return { name, heap: this, byteOffset, bytes, float32 };
  }

  /** A place to come back to with `release`. */
  mark(): number {
    return this.#top;
  }

  /** Gives back everything allocated since `mark`. Regions taken since then must not be used any more. */
  release(mark: number): void {
    const isPlace = mark % this.alignBytes === 0 || mark === this.bytes;
    if (!isPlace || mark < this.reservedBytes || mark > this.#top) {
      throw convError("argument.range", { where: "heap.release", what: "not a mark of this heap", got: mark });
    }
    this.#top = mark;
  }

  /** @throws `state.disposed` after `dispose`, `state.detached` when the buffer was transferred away. */
  assertUsable(where: string): void {
    if (this.#disposed) {
      throw convError("state.disposed", { where, what: "the heap was disposed", fix: "create a new heap" });
    }
    if (this.bytes > 0 && this.buffer.byteLength === 0) {
      throw convError("state.detached", {
        where,
        what: "the heap's buffer was detached (transferred or grown)",
        fix: "keep the buffer where it is while the heap is in use",
      });
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#onDispose?.();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
