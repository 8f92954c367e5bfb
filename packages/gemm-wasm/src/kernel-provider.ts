import { convError, Heap, roundUp } from "@leanconv/core";
import { defineProvider, type GemmProvider, naiveGemm } from "@leanconv/gemm";
import {
  alignBytes,
  allocateMemory,
  compileWasm,
  formOf,
  instantiateKernels,
  jobBlockBytes,
  type KernelInstance,
  type OpenKernels,
  type OpenThreads,
  packBlockBytes,
  packFilter,
  pageBytes,
  wasmFootprint,
} from "@leanconv/wasm-runtime";

const alone: OpenThreads = { status: { wanted: 1, got: 1 } };

/** A provider over opened kernels. Every heap is a memory with an instance of its own. */
export function kernelProvider(
  { modules, label, fused, withoutTransforms }: OpenKernels,
  name: string,
  { threads, status }: OpenThreads = alone,
): GemmProvider {
  const { variant, mr, nr, shared } = label;
  const tile = { mr, nr };
  /** Behind the kernels' constants. */
  const packBlock = roundUp(label.reservedBytes, alignBytes);
  const jobBlock = packBlock + packBlockBytes;
  const reservedBytes = threads ? jobBlock + jobBlockBytes : jobBlock;
  const instances = new WeakMap<Heap, KernelInstance>();
  const kernelsOn = (heap: Heap, where: string): KernelInstance => {
    heap.assertUsable(where);
    const wasm = instances.get(heap);
    if (wasm !== undefined) return wasm;
    throw convError("state.wrong-memory", {
      where,
      what: "a heap of another provider",
      got: heap.provider,
      wanted: "a heap that this provider made",
    });
  };
  const noTransforms = `no tile transforms: ${withoutTransforms ?? "none were opened"}`;
  // Roundings depend on fusion, packed weights on the tile.
  const rounding = variant === "simd" || fused ? "" : "-unfused";
  return defineProvider({
    name,
    identity: `${name}-${variant}-${mr}x${nr}${rounding}`,
    capabilities: {
      ...{ memory: "wasm", mr, nr, panelWidth: nr, alignBytes, pageBytes, reservedBytes, nativePatch: true },
      ...{ threads: status.got, threading: status, outsideBytes: threads?.pool.bell.buffer.byteLength ?? 0 },
    },
    plainGemm: naiveGemm,
    forms: {
      packedForm: (pack) => formOf(pack, tile),
      pack(pack, source, offset, { heap, byteOffset }) {
        const { kernels } = kernelsOn(heap, `${name}.pack`);
        packFilter(pack, formOf(pack, tile), source, offset, byteOffset, {
          ...{ wasm: kernels, float32: heap.float32, block: packBlock },
        });
      },
      transformFilters(size, { heap, byteOffset }, elements) {
        const where = `${name}.pack`;
        const { transforms } = kernelsOn(heap, where);
        // Their products would be refused, too.
        if (transforms === undefined) throw convError("unsupported.operand", { where, what: noTransforms });
        // The block of the filter's pieces is free again.
        transforms.transformFilters(size, byteOffset, 4 * elements, packBlock);
      },
    },
    refuses: (descriptor) =>
      descriptor.kind === "transform" && modules.transforms === undefined
        ? { code: "unsupported.operand", reason: noTransforms }
        : undefined,
    query: (descriptor) => wasmFootprint(descriptor, tile),
    async createHeap(bytes) {
      const where = `${name}.createHeap`;
      const memory = allocateMemory(bytes, shared, where);
      const wasm = await instantiateKernels(modules, memory, where);
      const onDispose = (): void => {
        instances.delete(heap);
        threads?.dropHeap(heap);
      };
      const heap: Heap = new Heap(memory.buffer, { provider: name, alignBytes, reservedBytes, onDispose });
      instances.set(heap, wasm);
      await threads?.addHeap(heap, memory, jobBlock);
      return heap;
    },
    compile(descriptor, heap) {
      return compileWasm(descriptor, heap, kernelsOn(heap, `${name}.compile`), tile);
    },
    ...(threads && {
      bind: (program, binding, provider) => threads.bind(program, binding, provider),
      dispose: () => threads.dispose(),
    }),
  });
}
