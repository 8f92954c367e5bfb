import type { ThreadStatus } from "@leanconv/gemm";
import { type KernelLabel, openPool, type ThreadScript, whyNoThreads } from "@leanconv/wasm-kernels";
import { KernelThreads } from "./kernel-threads.ts";

/** Looks at a word before a thread sleeps: some 100 microseconds, longer than the gaps inside of a network. */
const defaultSpins = 20_000;

export interface ThreadWishes {
  readonly threads: number;
  readonly spins: number | undefined;
}

export interface OpenThreads {
  readonly status: ThreadStatus;
  /** Absent with one thread. */
  readonly threads?: KernelThreads;
}

/** Starts threads with these kernels, or says why there is one only. */
export async function openThreads(
  { threads: wanted, spins = defaultSpins }: ThreadWishes,
  module: WebAssembly.Module,
  { mr, nr, shared }: KernelLabel,
): Promise<OpenThreads> {
  if (wanted === 1) return { status: { wanted, got: 1 } };
  const reason = whyNoThreads() ?? (shared ? undefined : "the given kernels are for memory that is not shared");
  if (reason !== undefined) return { status: { wanted, got: 1, reason } };
  try {
    const pool = await openPool({ script, threads: wanted, spins });
    const status = { wanted, got: pool.threads, ...unusual(pool.threads) };
    return { status, threads: new KernelThreads(pool, module, { mr, nr }) };
  } catch (error) {
    return { status: { wanted, got: 1, reason: error instanceof Error ? error.message : String(error) } };
  }
}

function unusual(threads: number): { reason?: string } {
  const cores = globalThis.navigator?.hardwareConcurrency;
  return cores !== undefined && threads > cores ? { reason: `more threads than the ${cores} processors` } : {};
}

const script: ThreadScript = {
  // Node runs the sources as they are.
  url: new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url),
  start: () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
};
