import { convError } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { inspectStrips, loadKernels, stripFile } from "@leanconv/wasm-kernels";
import {
  chooseFile,
  detectEngine,
  loadTransforms,
  type OpenKernels,
  openThreads,
  probe,
  wasmFeatures,
  whyNoThreads,
} from "@leanconv/wasm-runtime";
import { systemLibrary } from "./library/system-library.ts";
import { nativeProvider } from "./native-provider.ts";
import { fewestPixelsOf } from "./rules.ts";
import type { CrewSetup } from "./threads/setup.ts";
import { script } from "./threads/thread-script.ts";

export interface NativeGemmOptions {
  /**
   * "onednn", "openblas", "blis", "mkl", "accelerate", or the path of a shared library with `dnnl_sgemm` or
   * `cblas_sgemm`. Default: what the variable LEANCONV_BLAS says, else the first of these that the system has.
   */
  readonly library?: string;
  /** Threads to start, with the calling one; default 1. Each makes single-threaded calls of its own. */
  readonly threads?: number;
  /** Looks at a word before a waiting thread sleeps, about 8 ns each; default 20000, 100 where processors are fewer. */
  readonly spins?: number;
  /** Stands in plans and errors; default "native". */
  readonly name?: string;
}

/**
 * Opens the provider over a library of the system: its sgemm multiplies, the wasm kernels move data and finish outputs, on
 * one shared memory. No clock is read: equal systems give equal providers, and `identity` names the choice.
 * @throws `provider.load-failed` where there is no library, or one that cannot be used, with what to do;
 * `unsupported.platform` where the engine lacks WebAssembly SIMD; `argument.range` for threads below 1
 */
export async function nativeGemm(options: NativeGemmOptions = {}): Promise<GemmProvider> {
  const { library: wish, threads = 1, spins, name = "native" } = options;
  const where = `${name}Gemm`;
  if (!Number.isInteger(threads) || threads < 1) {
    throw convError("argument.range", { where, what: "threads must be a whole number of at least 1", got: threads });
  }
  const noThreads = threads > 1 ? whyNoThreads() : undefined;
  const library = await systemLibrary(wish, where);
  const { report } = library;
  const file = chooseFile({ variant: "auto", tile: undefined, shared: true }, wasmFeatures(), detectEngine(), where);
  const kernels = await withStrips(
    await loadTransforms(await probe(await loadKernels(file, where), where), where),
    where,
  );
  const { mr, nr } = kernels.label;
  const rules = {
    tile: { mr, nr },
    threads: noThreads === undefined ? threads : 1,
    fewestPixels: fewestPixelsOf(report.kind),
  };
  const setup: CrewSetup = { report, rules };
  const opened = await openThreads({ threads, spins, script, setup }, kernels.modules, kernels.label);
  return nativeProvider(kernels, name, library, rules, opened);
}

/** Adds the kernels that finish the library's products and lower its strips. */
async function withStrips(opened: OpenKernels, where: string): Promise<OpenKernels> {
  const strips = await loadKernels(stripFile, where);
  inspectStrips(strips, where);
  return { ...opened, modules: { ...opened.modules, strips } };
}
