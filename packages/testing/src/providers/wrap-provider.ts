import type { Heap } from "@leanconv/core";
import { bindProgram, type GemmProvider, type Kernel, type KernelDescriptor } from "@leanconv/gemm";

/** Stands between a provider and its kernels. */
export type KernelWrapper = (kernel: Kernel, descriptor: KernelDescriptor, heap: Heap) => Kernel;

/**
 * The same provider, with every compiled kernel wrapped. Programs are bound by the interpreter of the contract, one
 * thread after the other, so that every call of every kernel passes the wrapper.
 */
export function wrapProvider(inner: GemmProvider, wrap: KernelWrapper): GemmProvider {
  const wrapped: GemmProvider = {
    name: inner.name,
    identity: inner.identity,
    capabilities: inner.capabilities,
    get disposed() {
      return inner.disposed;
    },
    refuses: (descriptor) => inner.refuses(descriptor),
    query: (descriptor) => inner.query(descriptor),
    packedForm: (pack) => inner.packedForm(pack),
    panelElements: (depth, columns) => inner.panelElements(depth, columns),
    createHeap: (bytes) => inner.createHeap(bytes),
    pack: (pack, source, offset, target) => inner.pack(pack, source, offset, target),
    compile: (descriptor, heap) => wrap(inner.compile(descriptor, heap), descriptor, heap),
    bind: (program, binding) => bindProgram(program, wrapped, binding),
    dispose: () => inner.dispose(),
    [Symbol.dispose]: () => inner.dispose(),
  };
  return wrapped;
}
