import type { GemmProvider } from "@leanconv/gemm";
import { wrapProvider } from "./wrap-provider.ts";

/** What a throwing provider throws. */
export class InjectedFailure extends Error {}

/**
 * A provider whose call number `at` (from 0) throws instead of computing. Copies are not counted and never fail: they
 * are what a program restores its input with.
 */
export function throwingProvider(provider: GemmProvider, at: number): GemmProvider {
  let calls = 0;
  return wrapProvider(provider, (kernel, descriptor) => {
    if (descriptor.kind === "copy") return kernel;
    return {
      run(call) {
        if (calls++ === at) throw new InjectedFailure(`call ${at} (${descriptor.kind}) fails`);
        kernel.run(call);
      },
    };
  });
}
