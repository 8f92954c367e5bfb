import type { ThreadStatus } from "@leanconv/gemm";
import type { KernelLabel } from "@leanconv/wasm-kernels";
import type { KernelModules } from "../instantiate.ts";
import { openPool, type ThreadScript, whyNoThreads } from "../pool/index.ts";
import { KernelThreads } from "./kernel-threads.ts";

/**
 * Looks at a word before a thread sleeps: some 100 microseconds, longer than the gaps inside of a network. Where threads
 * share processors, those that spin keep others from working.
 */
const spinsAlone = 20_000;
const spinsCrowded = 100;

export interface ThreadWishes {
  readonly threads: number;
  readonly spins: number | undefined;
  /** What a thread runs: `servePool` with a `KernelCrew`. */
  readonly script: ThreadScript;
  /** Sent to every thread for its crew; plain data. */
  readonly setup?: unknown;
}

export interface OpenThreads {
  readonly status: ThreadStatus;
  /** Absent with one thread. */
  readonly threads?: KernelThreads;
}

/** Starts threads with these kernels, or says why there is one only. */
export async function openThreads(
  { threads: wanted, spins, script, setup }: ThreadWishes,
  modules: KernelModules,
  { mr, nr, shared }: KernelLabel,
): Promise<OpenThreads> {
  if (wanted === 1) return { status: { wanted, got: 1 } };
  const reason = whyNoThreads() ?? (shared ? undefined : "the given kernels are for memory that is not shared");
  if (reason !== undefined) return { status: { wanted, got: 1, reason } };
  try {
    const processors = globalThis.navigator?.hardwareConcurrency ?? wanted;
    const crowded = wanted > processors;
    const pool = await openPool({ script, threads: wanted, spins: spins ?? (crowded ? spinsCrowded : spinsAlone) });
    const note = crowded ? { reason: `more threads than the ${processors} processors` } : {};
    const status = { wanted, got: pool.threads, ...note };
    return { status, threads: new KernelThreads(pool, modules, { mr, nr }, setup) };
  } catch (error) {
    return { status: { wanted, got: 1, reason: error instanceof Error ? error.message : String(error) } };
  }
}
