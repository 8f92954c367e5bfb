import type { GemmProvider } from "@leanconv/gemm";
import { afterEach, describe, expect, test } from "vitest";
import { wasmGemm } from "../../src/index.ts";
import { bindExample, input, output, phasesOf } from "./programs.ts";

const withCode = (code: string): object => expect.objectContaining({ code });

let provider: GemmProvider;
afterEach(() => provider.dispose());

describe.each([1, 2, 3])("runAsync on %i threads", (threads) => {
  test("computes what run computes, and tells how far it is", async () => {
    provider = await wasmGemm({ threads });
    const rounds = 100_000;
    const example = await bindExample(provider, threads, rounds);
    const seen: number[] = [];
    await example.runAsync({
      onProgress(done, total) {
        expect(total).toBe(phasesOf(rounds));
        seen.push(done);
      },
    });
    expect([...example.x, ...example.y]).toEqual([...input, ...output]);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(phasesOf(rounds));
    expect(seen.length).toBeGreaterThan(5);
  });

  test("a program for one thread runs too", async () => {
    provider = await wasmGemm({ threads });
    const example = await bindExample(provider, 1);
    await example.runAsync();
    expect([...example.y]).toEqual(output);
  });

  test("stops between phases when aborted, and puts the input back", async () => {
    provider = await wasmGemm({ threads });
    const rounds = 10_000_000;
    const example = await bindExample(provider, threads, rounds);
    const controller = new AbortController();
    const reason = new Error("enough");
    let last = 0;
    const running = example.runAsync({
      signal: controller.signal,
      onProgress(done) {
        last = done;
        controller.abort(reason);
      },
    });
    await expect(running).rejects.toBe(reason);
    expect(last).toBeLessThan(phasesOf(rounds));
    expect([...example.x]).toEqual(input);
    // The stop belongs to that run only.
    const again = await bindExample(provider, threads);
    await again.runAsync();
    expect([...again.x, ...again.y]).toEqual([...input, ...output]);
  });

  test("does not start when aborted before", async () => {
    provider = await wasmGemm({ threads });
    const example = await bindExample(provider, threads);
    const reason = new Error("never");
    await expect(example.runAsync({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect([...example.y]).toEqual(output.map(() => 0));
  });

  test("an error of onProgress stops it and is its error", async () => {
    provider = await wasmGemm({ threads });
    const example = await bindExample(provider, threads, 10_000_000);
    const error = new Error("the caller's own");
    const running = example.runAsync({
      onProgress() {
        throw error;
      },
    });
    await expect(running).rejects.toBe(error);
    expect([...example.x]).toEqual(input);
  });

  test("while it runs, the program is busy", async () => {
    provider = await wasmGemm({ threads });
    const example = await bindExample(provider, threads, 1000);
    const running = example.runAsync();
    expect(() => example.run()).toThrowError(withCode("state.busy"));
    await expect(example.runAsync()).rejects.toThrowError(withCode("state.busy"));
    await running;
    example.run();
    expect([...example.x, ...example.y]).toEqual([...input, ...output]);
  });
});

test("disposing the provider stops what runs in its threads, and puts the input back", async () => {
  provider = await wasmGemm({ threads: 2 });
  const example = await bindExample(provider, 2, 10_000_000);
  const running = example.runAsync();
  provider.dispose();
  await expect(running).rejects.toThrowError(withCode("state.disposed"));
  expect([...example.x]).toEqual(input);
});

test("the event loop has its turn while other threads compute", async () => {
  provider = await wasmGemm({ threads: 2 });
  const example = await bindExample(provider, 2, 300_000);
  let turns = 0;
  let running = true;
  // In pages too, where repeated timers are stretched and there is no setImmediate.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    turns++;
    if (running) port2.postMessage(undefined);
  };
  port2.postMessage(undefined);
  await example.runAsync();
  running = false;
  port1.close();
  expect(turns).toBeGreaterThan(10);
});
