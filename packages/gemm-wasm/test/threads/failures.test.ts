import type { GemmProvider } from "@leanconv/gemm";
import { moverAxes } from "@leanconv/wasm-kernels";
import { afterEach, expect, test } from "vitest";
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
