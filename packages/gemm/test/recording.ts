import {
  defineProvider,
  type GemmProvider,
  type KernelCall,
  type KernelDescriptor,
  referenceGemm,
} from "@leanconv/gemm";
import { wrapProvider } from "@leanconv/testing";

export interface RecordedCall extends KernelCall {
  readonly kind: KernelDescriptor["kind"];
}

/** A provider that computes nothing and keeps every call, in `calls`. Its kernels ask for `scratchBytes`. */
export function recordingProvider(scratchBytes = 0): {
  readonly provider: GemmProvider;
  readonly calls: RecordedCall[];
} {
  const calls: RecordedCall[] = [];
  const provider = defineProvider({
    name: "recording",
    plainGemm: () => {},
    query: () => ({ scratchBytes, tableBytes: 0 }),
    compile: ({ kind }) => ({
      run(call) {
        calls.push({ ...call, kind });
      },
    }),
  });
  return { provider, calls };
}

/** The reference, whose kernel number `at` (from 0, copies too) throws. */
export function failingProvider(at: number): GemmProvider {
  let count = 0;
  return wrapProvider(referenceGemm(), (kernel) => ({
    run(call) {
      if (count++ === at) throw new Error("this kernel fails");
      kernel.run(call);
    },
  }));
}
