import {
  type ConvConstants,
  type ConvNode,
  type ConvProgram,
  type PreparedWeights,
  prepareWeights,
} from "@leanconv/conv";
import { convError, type Heap, type Region } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import type { NetworkPlanData, PlannedBuffer } from "@leanconv/planner";

/** The one heap of a network, filled as its plan lays it out: constants first, then the arena. */
export class NetworkHeap {
  readonly heap: Heap;
  readonly #buffers: readonly PlannedBuffer[];

  private constructor(heap: Heap, buffers: readonly PlannedBuffer[]) {
    this.heap = heap;
    this.#buffers = buffers;
  }

  /** @throws `resource.out-of-memory`, `argument.plan-mismatch` where the provider makes heaps of other sizes */
  static async create(plan: NetworkPlanData, provider: GemmProvider, where: string): Promise<NetworkHeap> {
    const { heapBytes } = plan.memory;
    const heap = await provider.createHeap(heapBytes);
    if (heap.bytes === heapBytes) return new NetworkHeap(heap, plan.buffers);
    heap.dispose();
    throw convError("argument.plan-mismatch", {
      where,
      what: "the provider makes a heap of another size",
      got: heap.bytes,
      wanted: heapBytes,
      fix: "plan again",
    });
  }

  /** Packs one convolution's constants to where the plan has them. */
  prepare(node: ConvNode, program: ConvProgram, provider: GemmProvider, constants: ConvConstants): PreparedWeights {
    const prepared = prepareWeights(program, provider, this.heap, constants);
    for (const kind of ["weights", "bias", "slopes"] as const) {
      const region = prepared[kind];
      if (region === undefined || region.bytes === 0) continue;
      const planned = this.#buffers.find((buffer) => buffer.kind === kind && buffer.name === node.name);
      this.#expect(`${kind} of ${node.name}`, region.byteOffset, planned?.offsetBytes);
    }
    return prepared;
  }

  /** Takes the arena, and gives the regions of all transient buffers in the order of the plan. */
  takeArena(arenaBytes: number): ReadonlyMap<PlannedBuffer, Region> {
    const { heap } = this;
    const transient = this.#buffers.filter(({ steps }) => steps !== undefined);
    const start = heap.mark();
    if (arenaBytes > 0) heap.allocate(arenaBytes, "arena");
    const regions = transient.map((buffer): [PlannedBuffer, Region] => {
      const { name, offsetBytes, bytes } = buffer;
      if (offsetBytes < start || offsetBytes + bytes > start + arenaBytes) this.#expect(name, offsetBytes, start);
      return [
        buffer,
        { name, heap, byteOffset: offsetBytes, bytes, float32: new Float32Array(heap.buffer, offsetBytes, bytes / 4) },
      ];
    });
    return new Map(regions);
  }

  /** That the heap is used to exactly the height that was planned. @throws `internal.invariant` */
  checkHeight(usedBytes: number): void {
    this.#expect("high-water mark", this.heap.highWaterBytes, usedBytes);
  }

  #expect(what: string, got: number, wanted: number | undefined): void {
    if (got === wanted) return;
    throw convError("internal.invariant", {
      where: `openNetwork: ${what}`,
      what: "not where it was planned",
      got,
      wanted,
    });
  }
}
