import { convError, Heap } from "@leanconv/core";
import { defineProvider, type GemmProvider, naiveGemm } from "@leanconv/gemm";
import type { KernelExports } from "@leanconv/wasm-kernels";
import { wasmForms } from "./forms.ts";
import { alignBytes, compileWasm, wasmFootprint } from "./kernel.ts";

export interface WasmGemmOptions {
  readonly module: WebAssembly.Module;
  readonly name?: string;
  readonly tile: { readonly mr: number; readonly nr: number };
}

const pageBytes = 65536;
/** The kernels' constants (tables of exp) lie below this address. */
const reservedBytes = 8192;

export async function wasmGemm({ module, tile, name = "wasm" }: WasmGemmOptions): Promise<GemmProvider> {
  const instances = new WeakMap<Heap, KernelExports>();
  return defineProvider({
    name,
    identity: `${name}-${tile.mr}x${tile.nr}`,
    capabilities: {
      ...{ memory: "wasm", mr: tile.mr, nr: tile.nr, panelWidth: tile.nr, alignBytes, pageBytes, reservedBytes },
      nativePatch: true,
    },
    plainGemm: naiveGemm,
    forms: wasmForms(tile),
    query: (descriptor) => wasmFootprint(descriptor, tile),
    async createHeap(bytes) {
      const memory = allocateMemory(name, bytes);
      const heap = new Heap(memory.buffer, { provider: name, alignBytes, reservedBytes });
      const instance = await WebAssembly.instantiate(module, { env: { memory } });
      instances.set(heap, instance.exports as unknown as KernelExports);
      return heap;
    },
    compile(descriptor, heap) {
      const wasm = instances.get(heap);
      if (wasm === undefined) {
        throw convError("state.wrong-memory", { where: `${name}.compile`, what: "a heap of another provider" });
      }
      return compileWasm(descriptor, heap, wasm, tile);
    },
  });
}

/** One linear memory of exactly these bytes, which never grows. */
function allocateMemory(name: string, bytes: number): WebAssembly.Memory {
  const pages = bytes / pageBytes;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    throw convError("resource.out-of-memory", {
      where: `${name}.createHeap`,
      what: "no linear memory of this size",
      got: `${bytes} bytes`,
      wanted: "at most 4 GiB, and what the engine has left",
      fix: "plan with a smaller budget",
      details: { requestedBytes: bytes },
      cause,
    });
  }
}
