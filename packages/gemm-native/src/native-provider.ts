import { convError, Heap, roundUp } from "@leanconv/core";
import { defineProvider, type GemmProvider, naiveGemm } from "@leanconv/gemm";
import {
  alignBytes,
  allocateMemory,
  instantiateKernels,
  jobBlockBytes,
  type OpenKernels,
  type OpenThreads,
  packBlockBytes,
  packFilter,
  pageBytes,
  type ThreadKernels,
} from "@leanconv/wasm-runtime";
import { compileNative, nativeFootprint } from "./kernel.ts";
import { detectProcessor } from "./library/processor.ts";
import type { SystemLibrary } from "./library/system-library.ts";
import { Addresses } from "./product/addresses.ts";
import { nativeForm } from "./product/forms.ts";
import type { ProductRules } from "./product/plan-product.ts";
import type { ThreadLibrary } from "./product/product-kernel.ts";
import { productTileOn } from "./rules.ts";

/** A provider over an opened library and opened kernels. Every heap is a shared memory with an instance of its own. */
export function nativeProvider(
  { modules, label, fused }: OpenKernels,
  name: string,
  { report, sgemm, addressOf }: SystemLibrary,
  rules: ProductRules,
  { threads, status }: OpenThreads,
): GemmProvider {
  const { variant, mr, nr } = label;
  const { tile } = rules;
  /** Behind the kernels' constants. */
  const packBlock = roundUp(label.reservedBytes, alignBytes);
  const jobBlock = packBlock + packBlockBytes;
  const reservedBytes = threads ? jobBlock + jobBlockBytes : jobBlock;
  const heaps = new WeakMap<Heap, { readonly kernels: ThreadKernels; readonly library: ThreadLibrary }>();
  const known = (heap: Heap, where: string): { readonly kernels: ThreadKernels; readonly library: ThreadLibrary } => {
    heap.assertUsable(where);
    const found = heaps.get(heap);
    if (found !== undefined) return found;
    throw convError("state.wrong-memory", {
      where,
      what: "a heap of another provider",
      got: heap.provider,
      wanted: "a heap that this provider made",
    });
  };
  const title = [report.kind, report.version, report.kernel].filter((word) => word !== "").join("-");
  // Sums depend on the library's kernels and on the blocks, which threads cut; the rest on the wasm kernels.
  const rounding = variant === "simd" || fused ? "" : "-unfused";
  const blocks = rules.threads > 1 ? `-t${rules.threads}` : "";
  return defineProvider({
    name,
    identity: `${name}-${title}-${variant}-${mr}x${nr}${rounding}${blocks}`,
    capabilities: {
      ...{ memory: "wasm", mr, nr, panelWidth: nr, alignBytes, pageBytes, reservedBytes, nativePatch: true },
      ...{ threads: status.got, threading: status, outsideBytes: threads?.pool.bell.buffer.byteLength ?? 0 },
      productTile: productTileOn(detectProcessor()),
      outside: `what ${report.kind} allocates for itself while it multiplies`,
    },
    plainGemm: naiveGemm,
    forms: {
      packedForm: (pack) => nativeForm(pack, tile),
      pack(pack, source, at, target) {
        const { wasm, float32 } = known(target.heap, `${name}.pack`).kernels;
        packFilter(pack, nativeForm(pack, tile), source, at, target.byteOffset, {
          ...{ wasm: wasm.kernels, float32, block: packBlock },
        });
      },
      transformFilters(size, { heap, byteOffset }, elements) {
        const { wasm } = known(heap, `${name}.pack`).kernels;
        // The block of the filter's pieces is free again.
        opened(wasm.transforms).transformFilters(size, byteOffset, 4 * elements, packBlock);
      },
    },
    query: (descriptor) => nativeFootprint(descriptor, rules),
    async createHeap(bytes) {
      const where = `${name}.createHeap`;
      const memory = allocateMemory(bytes, true, where);
      const wasm = await instantiateKernels(modules, memory, where);
      const onDispose = (): void => {
        heaps.delete(heap);
        threads?.dropHeap(heap);
      };
      const heap: Heap = new Heap(memory.buffer, { provider: name, alignBytes, reservedBytes, onDispose });
      const { float32 } = heap;
      heaps.set(heap, {
        kernels: { wasm, float32, tile },
        library: { sgemm, addresses: new Addresses(addressOf(float32)), strips: opened(wasm.strips) },
      });
      await threads?.addHeap(heap, memory, jobBlock);
      return heap;
    },
    compile(descriptor, heap) {
      const { kernels, library } = known(heap, `${name}.compile`);
      return compileNative(descriptor, heap, kernels, library, rules);
    },
    ...(threads && {
      bind: (program, binding, provider) => threads.bind(program, binding, provider),
      dispose: () => threads.dispose(),
    }),
  });
}

/** The exports of a file that this provider always opens. */
function opened<Exports>(exports: Exports | undefined): Exports {
  if (exports !== undefined) return exports;
  throw convError("internal.invariant", { where: "nativeGemm", what: "kernels that were not opened" });
}
