// Runs in a page: what threads are there, and what becomes of them.
import { allAlgorithms } from "@leanconv/algorithms";
import type { Heap } from "@leanconv/core";
import type { GemmProvider } from "@leanconv/gemm";
import { describe, expect, test, vi } from "vitest";
import { wasmGemm } from "../../src/index.ts";
import { bindExample, input, output } from "../threads/programs.ts";
import { chosen, expectSameBits } from "../threads/same-bits.ts";

const { crossOriginIsolated: isolated } = globalThis as { readonly crossOriginIsolated?: boolean };

describe.runIf(isolated)("a page that is isolated", () => {
  test("gives the same bits for any number of threads, by every algorithm", { timeout: 120_000 }, async () => {
    const providers = new Map<number, GemmProvider>();
    const heaps = new Map<number, Heap>();
    for (const threads of [1, 2, 3, 5]) {
      const provider = await wasmGemm({ threads });
      expect(provider.capabilities.threads).toBe(threads);
      providers.set(threads, provider);
      heaps.set(threads, await provider.createHeap(2 ** 21));
    }
    for (const algorithm of allAlgorithms) {
      const variants = chosen.map((problem, seed) => expectSameBits(algorithm, problem, seed, providers, heaps));
      expect(variants.some((count) => count > 0)).toBe(true);
    }
    for (const provider of providers.values()) provider.dispose();
  });

  test("ends its workers when the provider is disposed, idle ones and working ones", async () => {
    const [started, ended] = [new Set<Worker>(), new Set<Worker>()];
    const Original = Worker;
    vi.stubGlobal(
      "Worker",
      class extends Original {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options);
          started.add(this);
        }
        override terminate(): void {
          ended.add(this);
          super.terminate();
        }
      },
    );
    try {
      const idle = await wasmGemm({ threads: 3 });
      const example = await bindExample(idle, 3);
      example.run();
      // Longer than they spin: they sleep, and wake for the next run.
      await new Promise((resolve) => setTimeout(resolve, 200));
      example.run();
      expect([...example.x, ...example.y]).toEqual([...input, ...output]);
      expect([started.size, ended.size]).toEqual([2, 0]);
      idle.dispose();
      await vi.waitFor(() => expect(ended).toEqual(started));

      const working = await wasmGemm({ threads: 3 });
      const long = await bindExample(working, 3, 10_000_000);
      const running = long.runAsync();
      working.dispose();
      await expect(running).rejects.toThrowError(expect.objectContaining({ code: "state.disposed" }));
      expect([...long.x]).toEqual(input);
      expect(started.size).toBe(4);
      await vi.waitFor(() => expect(ended).toEqual(started));
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe.runIf(!isolated)("any other page", () => {
  test("has one thread, says why, and does not freeze in runAsync all the same", async () => {
    const provider = await wasmGemm({ threads: 3 });
    const reason = expect.stringMatching(/not cross-origin isolated.*Cross-Origin-Opener-Policy/);
    expect(provider.capabilities).toMatchObject({
      threads: 1,
      outsideBytes: 0,
      threading: { wanted: 3, got: 1, reason },
    });
    const example = await bindExample(provider, 1, 100_000);
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const seen: number[] = [];
    await example.runAsync({ onProgress: (done) => seen.push(done) });
    clearInterval(timer);
    expect([...example.y]).toEqual(output);
    expect(turns).toBeGreaterThan(0);
    expect(seen.length).toBeGreaterThan(1);
    const controller = new AbortController();
    const enough = new Error("enough");
    const running = example.runAsync({ signal: controller.signal, onProgress: () => controller.abort(enough) });
    await expect(running).rejects.toBe(enough);
    expect([...example.x]).toEqual(input);
    provider.dispose();
  });
});
