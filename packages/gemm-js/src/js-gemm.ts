import { convError, type Heap } from "@leanconv/core";
import { defineProvider, type GemmProvider, naiveGemm } from "@leanconv/gemm";
import { BlockedGemm } from "./blocked-gemm.ts";
import { type Blocking, planBlocks } from "./blocking.ts";
import { Depthwise, isDepthwise } from "./depthwise.ts";
import { panelForms } from "./packed-form.ts";
import { mr, nr } from "./tile.ts";
import { TileTransform } from "./tile-transform.ts";

export interface JsGemmOptions {
  /** Depth of the block of B that is packed at a time; default 384. */
  readonly kc?: number;
  /** Columns of that block, a multiple of 4; default 40. Scratch is at most 4 * kc * nc bytes, and 16 * kc for a plain A. */
  readonly nc?: number;
}

/**
 * Opens the provider in plain JavaScript: synchronous, in array buffers, without `eval` and without WebAssembly. It takes
 * every descriptor. Allocates small objects only.
 * @throws `argument.range`
 */
export function jsGemm(options: JsGemmOptions = {}): GemmProvider {
  const { kc = 384, nc = 40 } = options;
  const blocking: Blocking = { kc: checkSize("kc", kc, 1), nc: checkSize("nc", nc, nr) };
  return defineProvider({
    name: "js",
    identity: `js-${mr}x${nr}-kc${kc}`,
    capabilities: { memory: "array-buffer", mr, nr, panelWidth: nr, nativePatch: true },
    plainGemm: naiveGemm,
    forms: panelForms,
    query(descriptor) {
      if (descriptor.kind !== "gemm") return undefined;
      if (isDepthwise(descriptor)) return { scratchBytes: 0, tableBytes: 0 };
      const { scratchA, scratchB } = planBlocks(descriptor, blocking);
      return { scratchBytes: 4 * (scratchA + scratchB), tableBytes: 0 };
    },
    compile(descriptor, heap) {
      if (descriptor.kind === "transform") return new TileTransform(descriptor, heap.float32);
      if (descriptor.kind !== "gemm") return undefined;
      checkReach(heap);
      if (isDepthwise(descriptor)) return new Depthwise(descriptor, heap.float32);
      return new BlockedGemm(descriptor, heap.float32, blocking);
    },
  });
}

/** Kernels count elements in 32-bit integers. */
function checkReach(heap: Heap): void {
  if (heap.bytes <= 2 ** 33) return;
  throw convError("argument.range", {
    where: "js.compile",
    what: "the heap is larger than its kernels reach",
    got: `${heap.bytes} bytes`,
    wanted: "at most 8 GiB",
  });
}

function checkSize(name: string, size: number, granule: number): number {
  if (Number.isSafeInteger(size) && size >= granule && size % granule === 0) return size;
  throw convError("argument.range", {
    where: `jsGemm, ${name}`,
    what: "not a block size",
    got: size,
    wanted: granule === 1 ? "a whole number of at least 1" : `a multiple of ${granule}`,
  });
}
