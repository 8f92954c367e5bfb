import type { Worker } from "node:worker_threads";
import type { GemmProvider } from "@leanconv/gemm";
import { moverAxes } from "@leanconv/wasm-kernels";
import { afterEach, describe, expect, test } from "vitest";
import { wasmGemm } from "../../src/index.ts";
import { type BoundExample, bindExample, guardedProgram, input, output, spoiltKernel } from "./programs.ts";

const withCode = (code: string): object => expect.objectContaining({ code });

let provider: GemmProvider;
afterEach(() => provider.dispose());

/** Moves the second row of a fill out of memory, which the second thread runs into; returns what puts it back. */
function spoil({ heap, tables }: BoundExample): () => void {
  let table = tables;
  const { kernels } = guardedProgram();
  for (let kernel = 0; kernel < spoiltKernel; kernel++) table += provider.query(kernels[kernel]).tableBytes;
  const words = new Int32Array(heap.buffer, table);
  const rowStride = 6 * moverAxes.indexOf("target") + 4;
  const stride = words[rowStride];
  words[rowStride] = 2 ** 29;
  return () => {
    words[rowStride] = stride;
  };
}

test("a trap in another thread is an error of the run, undoes what is guarded, and the next run works", async () => {
  provider = await wasmGemm({ threads: 2 });
  const example = await bindExample(provider, 2);
  const repair = spoil(example);
  for (let time = 0; time < 3; time++) {
    expect(() => example.run()).toThrowError(withCode("provider.failed"));
    expect([...example.x]).toEqual(input);
  }
  repair();
  example.run();
  expect([...example.x, ...example.y]).toEqual([...input, ...output]);
});

test("a trap in the calling thread is the same error", async () => {
  provider = await wasmGemm({ threads: 2 });
  const example = await bindExample(provider, 1);
  const repair = spoil(example);
  expect(() => example.run()).toThrowError(withCode("provider.failed"));
  expect([...example.x]).toEqual(input);
  repair();
  example.run();
  expect([...example.y]).toEqual(output);
});

test.each([2, 3])("a trap in runAsync on %i threads rejects it and undoes what is guarded", async (threads) => {
  provider = await wasmGemm({ threads });
  const example = await bindExample(provider, threads);
  const repair = spoil(example);
  await expect(example.runAsync()).rejects.toThrowError(withCode("provider.failed"));
  expect([...example.x]).toEqual(input);
  repair();
  await example.runAsync();
  expect([...example.x, ...example.y]).toEqual([...input, ...output]);
});

describe("a thread that ends while it is needed", () => {
  /** Opens a provider and keeps hold of its workers, to end them from outside. */
  async function openHeld(threads: number): Promise<Worker[]> {
    const node = process.getBuiltinModule("node:worker_threads");
    const { Worker: Original } = node;
    const workers: Worker[] = [];
    node.Worker = class extends Original {
      constructor(...rest: ConstructorParameters<typeof Original>) {
        super(...rest);
        workers.push(this);
      }
    };
    try {
      provider = await wasmGemm({ threads });
    } finally {
      node.Worker = Original;
    }
    expect(workers.length).toBe(threads - 1);
    return workers;
  }

  test.each([2, 3])(
    "is an error of run on %i threads, undoes what is guarded, and nothing runs after it",
    async (threads) => {
      const workers = await openHeld(threads);
      const example = await bindExample(provider, threads);
      example.run();
      const ended = workers[0].terminate();
      // The event loop has no turn to learn of it before the run.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      const lost = expect.objectContaining({
        code: "provider.failed",
        message: expect.stringContaining("thread 1 ended"),
      });
      expect(() => example.run()).toThrowError(lost);
      expect([...example.x]).toEqual(input);
      expect(() => example.run()).toThrowError(lost);
      await expect(example.runAsync()).rejects.toThrowError(lost);
      await expect(provider.createHeap(16)).rejects.toThrowError(lost);
      await ended;
    },
  );

  test("rejects runAsync, whose leader undoes what is guarded", async () => {
    const workers = await openHeld(3);
    const example = await bindExample(provider, 3, 10_000_000);
    const onProgress = (): void => void workers[1].terminate();
    await expect(example.runAsync({ onProgress })).rejects.toThrowError(withCode("provider.failed"));
    expect([...example.x]).toEqual(input);
    expect(() => example.run()).toThrowError(withCode("provider.failed"));
  });

  test("rejects runAsync where it is the leader", async () => {
    const workers = await openHeld(2);
    const example = await bindExample(provider, 2, 10_000_000);
    const onProgress = (): void => void workers[0].terminate();
    await expect(example.runAsync({ onProgress })).rejects.toThrowError(withCode("provider.failed"));
  });
});

test("after dispose, nothing runs any more, and another provider does", async () => {
  provider = await wasmGemm({ threads: 2 });
  const example = await bindExample(provider, 2);
  provider.dispose();
  expect(() => example.run()).toThrowError(withCode("state.disposed"));
  await expect(example.runAsync()).rejects.toThrowError(withCode("state.disposed"));
  example.heap.dispose();
  provider = await wasmGemm({ threads: 2 });
  const second = await bindExample(provider, 2);
  second.run();
  expect([...second.y]).toEqual(output);
});

test("more threads than the provider has, and numbers that count nothing, are refused", async () => {
  provider = await wasmGemm({ threads: 2 });
  await expect(bindExample(provider, 3)).rejects.toThrowError(withCode("argument.range"));
  for (const threads of [0, -1, 1.5, Number.NaN]) {
    await expect(wasmGemm({ threads })).rejects.toThrowError(withCode("argument.range"));
  }
});
