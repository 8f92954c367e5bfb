import { convError, Heap, roundUp } from "@leanconv/core";
import {
  defineProvider,
  type GemmProvider,
  levelCount,
  levelOffsets,
  naiveGemm,
  type PackDescriptor,
} from "@leanconv/gemm";
import {
  alignBytes,
  allocateMemory,
  instantiateKernels,
  jobBlockBytes,
  type OpenKernels,
  type OpenThreads,
  pageBytes,
  type ThreadKernels,
  wasmForms,
} from "@leanconv/wasm-kernels/provider";
import { compileNative, nativeFootprint } from "./kernel.ts";
import type { SystemLibrary } from "./library/system-library.ts";
import { Addresses } from "./product/addresses.ts";
import { nativeForm } from "./product/forms.ts";
import type { ProductRules } from "./product/plan-product.ts";
import type { ThreadLibrary } from "./product/product-kernel.ts";

/** A provider over an opened library and opened kernels. Every heap is a shared memory with an instance of its own. */
export function nativeProvider(
  { module, label, fused }: OpenKernels,
  name: string,
  { report, sgemm, addressOf }: SystemLibrary,
  rules: ProductRules,
  { threads, status }: OpenThreads,
): GemmProvider {
  const { variant, mr, nr } = label;
  const { tile } = rules;
  /** Behind the kernels' constants. */
  const jobBlock = roundUp(label.reservedBytes, alignBytes);
  const reservedBytes = threads ? jobBlock + jobBlockBytes : label.reservedBytes;
  const heaps = new WeakMap<Heap, { readonly kernels: ThreadKernels; readonly library: ThreadLibrary }>();
  const forms = wasmForms(tile);
  const library = [report.kind, report.version, report.kernel].filter((word) => word !== "").join("-");
  // Sums depend on the library's kernels and on the blocks, which threads cut; the rest on the wasm kernels.
  const rounding = variant === "simd" || fused ? "" : "-unfused";
  const blocks = rules.threads > 1 ? `-t${rules.threads}` : "";
  return defineProvider({
    name,
    identity: `${name}-${library}-${variant}-${mr}x${nr}${rounding}${blocks}`,
    capabilities: {
      ...{ memory: "wasm", mr, nr, panelWidth: nr, alignBytes, pageBytes, reservedBytes, nativePatch: true },
      ...{ threads: status.got, threading: status },
      outside: `what ${report.kind} allocates for itself while it multiplies`,
    },
    plainGemm: naiveGemm,
    forms: {
      packedForm: (pack) => nativeForm(pack, tile),
      pack(pack, source, at, target) {
        if (levelCount(pack.rows) === 1) forms.pack(pack, source, at, target);
        else packRows(pack, source, at, target);
      },
    },
    query: (descriptor) => nativeFootprint(descriptor, rules),
    async createHeap(bytes) {
      const where = `${name}.createHeap`;
      const memory = allocateMemory(bytes, true, where);
      const wasm = await instantiateKernels(module, memory, where);
      const onDispose = (): void => {
        heaps.delete(heap);
        threads?.dropHeap(heap);
      };
      const heap: Heap = new Heap(memory.buffer, { provider: name, alignBytes, reservedBytes, onDispose });
      const { float32 } = heap;
      heaps.set(heap, {
        kernels: { wasm, float32, tile },
        library: { sgemm, addresses: new Addresses(addressOf(float32)) },
      });
      await threads?.addHeap(heap, memory, jobBlock);
      return heap;
    },
    compile(descriptor, heap) {
      const where = `${name}.compile`;
      heap.assertUsable(where);
      const known = heaps.get(heap);
      if (known !== undefined) return compileNative(descriptor, heap, known.kernels, known.library, rules);
      throw convError("state.wrong-memory", {
        where,
        what: "a heap of another provider",
        got: heap.provider,
        wanted: "a heap that this provider made",
      });
    },
    ...(threads && {
      bind: (program, binding, provider) => threads.bind(program, binding, provider),
      dispose: () => threads.dispose(),
    }),
  });
}

function packRows(pack: PackDescriptor, source: Float32Array, at: number, target: Float32Array): void {
  const rows = levelOffsets(pack.rows);
  let to = 0;
  for (const batch of levelOffsets(pack.batch)) {
    for (const depth of levelOffsets(pack.k)) {
      const from = at + batch + depth;
      for (let row = 0; row < rows.length; row++) target[to++] = source[from + rows[row]];
    }
  }
}
