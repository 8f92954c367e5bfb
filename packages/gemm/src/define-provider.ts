import { convError, Heap, type Refusal, type Region, roundUp } from "@leanconv/core";
import { bindProgram, type Executable, type ProgramBinding } from "./bind.ts";
import { checkDescriptor } from "./check-descriptor.ts";
import { completeGemm, completionScratchBytes, type PlainGemm } from "./complete-gemm.ts";
import type { KernelDescriptor, PackDescriptor, WinogradTile } from "./descriptor.ts";
import { levelCount } from "./levels.ts";
import { assertPackSource } from "./pack-source.ts";
import type { Program } from "./program.ts";
import type { Capabilities, Footprint, GemmProvider, Kernel, PackedForm } from "./provider.ts";
import { compileReference } from "./reference/kernel.ts";
import { packPlain } from "./reference/pack.ts";
import { packTransformed } from "./reference/pack-transform.ts";

/** What a provider says and does itself. Only `name` and `plainGemm` are required; the reference completes the rest. */
export interface ProviderParts {
  readonly name: string;
  /** Default: the name. Must change with everything that packed weights or results depend on. */
  readonly identity?: string;
  readonly capabilities?: Partial<Capabilities>;
  readonly plainGemm: PlainGemm;
  /** A kernel of its own, or undefined to be completed. Kernels given here answer for their footprint in `query`. */
  readonly compile?: (descriptor: KernelDescriptor, heap: Heap) => Kernel | undefined;
  /** The footprint of a kernel that `compile` takes; undefined for the others. */
  readonly query?: (descriptor: KernelDescriptor) => Footprint | undefined;
  readonly refuses?: (descriptor: KernelDescriptor) => Refusal | undefined;
  /** All four or none: how constants and panels are stored. Completed GEMMs cannot read foreign forms. */
  readonly forms?: ProviderForms;
  readonly createHeap?: (bytes: number) => Promise<Heap>;
  readonly bind?: (program: Program, binding: ProgramBinding, provider: GemmProvider) => Executable;
  readonly dispose?: () => void;
}

export interface ProviderForms {
  packedForm(pack: PackDescriptor): PackedForm;
  /** The source has all elements that the pack reads, the target all bytes of the form, in a heap that is usable. */
  pack(pack: PackDescriptor, source: Float32Array, sourceOffset: number, target: Region): void;
  /**
   * Filters to points, in place, for packs with a transform: of (m + 2)^2 matrices of `size` elements the last nine hold
   * the taps. Default: the reference. `pack` itself never sees a transform.
   */
  transformFilters?(tile: WinogradTile, matrices: Region, size: number): void;
}

const defaults: Capabilities = {
  dtypes: ["float32"],
  memory: "array-buffer",
  mr: 1,
  nr: 1,
  panelWidth: 8,
  alignBytes: 16,
  threads: 1,
  pageBytes: 16,
  reservedBytes: 0,
  outsideBytes: 0,
  nativePatch: false,
};

const plainForms: ProviderForms = {
  packedForm(pack) {
    const k = levelCount(pack.k);
    const batchStride = levelCount(pack.rows) * k;
    return { bytes: 4 * levelCount(pack.batch) * batchStride, batchStride, kStride: 1 };
  },
  pack: (pack, source, at, { float32 }) => packPlain(pack, source, at, float32),
};

/**
 * Completes a provider: patches, panels, packed constants, batches, bias, activations, movers, heaps and binding come
 * from the reference where `parts` has none of its own, so that every algorithm runs on every provider.
 *
 * Allocates small objects only. Completed GEMMs with a patch operand declare one panel of scratch, never a patch matrix.
 */
export function defineProvider(parts: ProviderParts): GemmProvider {
  const capabilities: Capabilities = { ...defaults, ...parts.capabilities };
  const forms = parts.forms ?? plainForms;
  const { name, identity = parts.name, plainGemm } = parts;
  let disposed = false;
  const assertOpen = (where: string): void => {
    if (disposed) throw convError("state.disposed", { where: `${name}.${where}`, what: "the provider was disposed" });
  };

  const provider: GemmProvider = {
    name,
    identity,
    capabilities,
    get disposed() {
      return disposed;
    },
    refuses: (descriptor) => checkDescriptor(descriptor) ?? parts.refuses?.(descriptor),
    query(descriptor) {
      const own = parts.query?.(descriptor);
      if (own) return own;
      return { scratchBytes: descriptor.kind === "gemm" ? completionScratchBytes(descriptor) : 0, tableBytes: 0 };
    },
    packedForm: (pack) => forms.packedForm(pack),
    panelElements: (depth, columns) => roundUp(columns, capabilities.panelWidth) * depth,
    async createHeap(bytes) {
      assertOpen("createHeap");
      if (!Number.isSafeInteger(bytes) || bytes < 0) {
        throw convError("argument.range", { where: `${name}.createHeap`, what: "a size in whole bytes", got: bytes });
      }
      const { reservedBytes, pageBytes, alignBytes } = capabilities;
      const total = roundUp(Math.max(bytes, reservedBytes), pageBytes);
      if (parts.createHeap) return parts.createHeap(total);
      return new Heap(allocateBuffer(name, total), { provider: name, alignBytes, reservedBytes });
    },
    pack(pack, source, sourceOffset, target: Region) {
      assertOpen("pack");
      target.heap.assertUsable(`${name}.pack`);
      if (target.heap.provider !== name) {
        throw convError("state.wrong-memory", {
          where: `${name}.pack`,
          what: "a region of another provider's heap",
          got: target.heap.provider,
          wanted: name,
        });
      }
      const { bytes } = forms.packedForm(pack);
      if (target.bytes < bytes) {
        throw convError("resource.out-of-memory", {
          where: `${name}.pack`,
          what: "the region for packed weights is too small",
          got: `${target.bytes} bytes`,
          wanted: `${bytes} bytes`,
        });
      }
      assertPackSource(pack, source, sourceOffset, `${name}.pack`);
      if (pack.transform) packTransformed(forms, pack, source, sourceOffset, target);
      else forms.pack(pack, source, sourceOffset, target);
    },
    compile(descriptor, heap) {
      assertOpen("compile");
      const own = parts.compile?.(descriptor, heap);
      if (own) return own;
      const { panelWidth } = capabilities;
      if (descriptor.kind !== "gemm") return compileReference(descriptor, heap.float32, panelWidth);
      return completeGemm(descriptor, heap.float32, panelWidth, plainGemm);
    },
    bind(program, binding) {
      assertOpen("bind");
      return parts.bind ? parts.bind(program, binding, provider) : bindProgram(program, provider, binding);
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      parts.dispose?.();
    },
    [Symbol.dispose]() {
      provider.dispose();
    },
  };
  return provider;
}

/** One array buffer of exactly this size. */
function allocateBuffer(name: string, bytes: number): ArrayBuffer {
  try {
    return new ArrayBuffer(bytes);
  } catch (cause) {
    throw convError("resource.out-of-memory", {
      where: `${name}.createHeap`,
      what: "the engine refuses one memory of this size",
      got: `${bytes} bytes`,
      fix: "ask for less: smaller tensors, fewer images at a time or less workspace",
      details: { requestedBytes: bytes },
      cause,
    });
  }
}
