import { wasmGemm } from "leanconv";
import { runSqueezenet } from "./squeezenet.ts";

// A clock that stands still, and a record of the memories that are made.
Date.now = () => 0;
performance.now = () => 0;
const maxima: number[] = [];
const Memory = WebAssembly.Memory;
WebAssembly.Memory = class extends Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    maxima.push(65536 * (descriptor.maximum ?? Number.POSITIVE_INFINITY));
  }
};

export default {
  /** What `workerd test` runs. */
  async test(): Promise<void> {
    const results: Record<string, unknown> = {};
    for (const variant of ["auto", "simd"] as const) {
      const provider = await wasmGemm({ variant });
      const { identity, capabilities } = provider;
      results[variant] = { identity, threading: capabilities.threading, ...(await runSqueezenet(provider)) };
      provider.dispose();
    }
    const codes: Record<string, unknown> = {};
    for (const [name, options] of Object.entries({
      threads: { threads: 2 },
      revectorized: { variant: "revectorized" },
    } as const)) {
      codes[name] = await wasmGemm(options).then(
        ({ capabilities }) => capabilities.threads,
        (error: { code?: string }) => error.code ?? String(error),
      );
    }
    console.log(`RESULT ${JSON.stringify({ results, codes, mostBytes: Math.max(...maxima) })}`);
  },
};
