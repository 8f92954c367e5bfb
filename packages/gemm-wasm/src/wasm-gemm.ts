import { convError } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import type { KernelVariant } from "@leanconv/wasm-kernels";
import { openThreads, type Tile, whyNoThreads } from "@leanconv/wasm-runtime";
import { kernelProvider } from "./kernel-provider.ts";
import { openKernels } from "./open-kernels.ts";
import { script } from "./threads/thread-script.ts";

export interface WasmGemmOptions {
  /** A compiled file of `@leanconv/wasm-kernels`, where bundlers or hosts load modules themselves. It says what it is. */
  readonly module?: WebAssembly.Module;
  /**
   * The compiled file `transforms` of `@leanconv/wasm-kernels` (`transforms-shared` for shared memory), which Winograd's
   * algorithms need, for such hosts. Default: loaded like the kernels; where `module` was given and they cannot be loaded,
   * tile transforms are refused with the reason.
   */
  readonly transforms?: WebAssembly.Module;
  /**
   * "relaxed" has fused products, "simd" runs wherever there is SIMD; "auto", the default, is the first of these that the
   * engine takes. "revectorized" is for Node 24 and newer on x64: while it is opened it sets flags of V8.
   */
  readonly variant?: KernelVariant | "auto";
  /** Rows and columns of the register tile; default: from a table by engine. */
  readonly tile?: Tile;
  /**
   * Threads to start, with the calling one; default 1. More than there are processors is allowed. Where threads cannot
   * be had there is one, and `capabilities.threading` says why.
   */
  readonly threads?: number;
  /** Looks at a word before a waiting thread sleeps, about 8 ns each; default 20000, 100 where processors are fewer. */
  readonly spins?: number;
  /** Stands in plans and errors; default "wasm". */
  readonly name?: string;
}

const variants: readonly string[] = ["auto", "relaxed", "simd", "revectorized"] satisfies (KernelVariant | "auto")[];

/**
 * Opens the provider in WebAssembly. Features and engine choose the kernels, no clock is read: equal engines give equal
 * providers, and `identity` names the choice.
 *
 * Allocates one page for a moment; memory comes with heaps.
 * @throws `unsupported.platform` where the instructions are missing, `provider.load-failed` where the file is,
 * `argument.module`, `argument.name`, `argument.range` (a tile without kernels)
 */
export async function wasmGemm(options: WasmGemmOptions = {}): Promise<GemmProvider> {
  const { module, transforms, variant = "auto", tile, name = "wasm", threads = 1, spins } = options;
  const where = `${name}Gemm`;
  if (!variants.includes(variant)) {
    const wanted = variants.join(", ");
    throw convError("argument.name", { where, what: "there is no such variant", got: variant, wanted });
  }
  if (!Number.isInteger(threads) || threads < 1) {
    throw convError("argument.range", { where, what: "threads must be a whole number of at least 1", got: threads });
  }
  const shared = threads > 1 && whyNoThreads() === undefined;
  const kernels = await openKernels({ module, transforms, variant, tile, shared }, where);
  return kernelProvider(kernels, name, await openThreads({ threads, spins, script }, kernels.modules, kernels.label));
}
