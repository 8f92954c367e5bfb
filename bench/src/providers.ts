import type { GemmProvider } from "@leanconv/gemm";
import { jsGemm } from "@leanconv/gemm-js";
import { nativeGemm, type SystemLibrary, systemLibrary } from "@leanconv/gemm-native";
import type { KernelVariant } from "@leanconv/wasm-kernels";
import type { Contender } from "./harness/contender.ts";
import { libraryPeaks } from "./native-provider.ts";
import { jsPeak } from "./peaks/js-peak.ts";
import { wasmPeaks } from "./peaks/wasm-peaks.ts";
import { openWasm } from "./wasm-provider.ts";

export interface OpenOptions {
  readonly variant: KernelVariant;
  readonly threads: number;
}

/** An inner loop alone, on data in registers or the first cache: what products are a fraction of. */
export interface PeakProbe {
  readonly contender: Contender;
  /** Floating-point operations of one call. */
  readonly operations: number;
}

/** A provider that can be measured. */
export interface BenchProvider {
  readonly open: (options: OpenOptions) => GemmProvider | Promise<GemmProvider>;
  /** Several loops: the fastest is the peak. */
  readonly peaks: (variant: KernelVariant, provider: GemmProvider) => Promise<readonly PeakProbe[]>;
  /** Whether it comes in variants, which results then name. */
  readonly variants: boolean;
  /** The library under it, where products can be compared with calling that. */
  readonly library?: () => Promise<SystemLibrary>;
}

export const benchProviders: Readonly<Record<string, BenchProvider>> = {
  js: { open: () => jsGemm(), peaks: async () => [jsPeak()], variants: false },
  native: {
    open: ({ threads }) => nativeGemm({ threads }),
    peaks: libraryPeaks,
    variants: false,
    library: () => systemLibrary(),
  },
  wasm: { open: openWasm, peaks: wasmPeaks, variants: true },
};

/** @throws where the provider has fewer threads than were asked for */
export async function openProvider(name: string, options: OpenOptions): Promise<GemmProvider> {
  const provider = await benchProviders[name].open(options);
  const { threads } = provider.capabilities;
  if (options.threads <= threads) return provider;
  provider.dispose();
  throw new Error(`${name} has ${threads} thread(s), ${options.threads} were asked for`);
}
