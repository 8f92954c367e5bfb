import type { GemmProvider } from "@leanconv/gemm";
import { wasmGemm } from "@leanconv/gemm-wasm";
import type { KernelVariant } from "@leanconv/wasm-kernels";

export const wasmVariants = ["simd", "relaxed", "revectorized"] as const satisfies readonly KernelVariant[];

/** Whether opening the variant changes flags of the engine, so that a peer must not share the process. */
export function setsProcessFlag(variant: KernelVariant): boolean {
  return variant === "revectorized";
}

export function openWasm(options: {
  readonly variant: KernelVariant;
  readonly threads: number;
}): Promise<GemmProvider> {
  return wasmGemm(options);
}
