import { type Capabilities, defineProvider, type GemmProvider } from "@leanconv/gemm";

/** A provider whose kernels do nothing and need nothing: for tests of what is planned rather than computed. */
export function nullProvider(capabilities: Partial<Capabilities> = {}): GemmProvider {
  return defineProvider({
    name: "null",
    capabilities,
    plainGemm: () => {},
    query: () => ({ scratchBytes: 0, tableBytes: 0 }),
    compile: () => ({ run: () => {} }),
  });
}
