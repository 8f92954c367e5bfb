import { type Executable, type GemmProvider, workspaceNeeds } from "@leanconv/gemm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { wasmGemm } from "../../src/index.ts";
import { bindExample, guardedProgram, input, output } from "./programs.ts";

let provider: GemmProvider;
beforeAll(async () => {
  provider = await wasmGemm({ threads: 2 });
});
afterAll(() => provider.dispose());

test("two programs share a workspace, one after the other", async () => {
  const program = guardedProgram();
  const heap = await provider.createHeap(65536);
  const workspace = heap.allocate(workspaceNeeds(program, provider, 2).workspaceBytes);
  const made = [0, 1].map((index): { bound: Executable; x: Float32Array; y: Float32Array } => {
    const [x, y] = [heap.allocate(32).float32, heap.allocate(32).float32];
    x.set(input.map((value) => value + 10 * index));
    const operands = { x: { data: x, offset: 0 }, y: { data: y, offset: 0 } };
    return { bound: provider.bind(program, { heap, operands, workspace, threads: 2 }), x, y };
  });
  for (let time = 0; time < 3; time++) {
    for (const [index, { bound, x, y }] of made.entries()) {
      y.fill(0);
      if (time === 2) await bound.runAsync();
      else bound.run();
      expect([...x, ...y]).toEqual([...input.map((value) => value + 10 * index), ...output]);
    }
  }
});

test("programs in several heaps take turns, also after some were disposed", async () => {
  const examples = [];
  for (let i = 0; i < 4; i++) examples.push(await bindExample(provider, 2));
  examples[1].heap.dispose();
  examples.splice(1, 1);
  examples.push(await bindExample(provider, 2));
  for (let time = 0; time < 50; time++) {
    for (const { y, run } of examples) {
      y.fill(0);
      run();
      expect([...y]).toEqual(output);
    }
  }
});

test("two providers with threads work beside each other", async () => {
  using second = await wasmGemm({ threads: 3 });
  const [one, two] = [await bindExample(provider, 2), await bindExample(second, 3, 100)];
  const running = two.runAsync();
  for (let time = 0; time < 20; time++) one.run();
  await running;
  expect([...one.y, ...two.y]).toEqual([...output, ...output]);
});

test("declares the words at which threads wait, which belong to no heap", async () => {
  const made: number[] = [];
  const Shared = SharedArrayBuffer;
  vi.stubGlobal(
    "SharedArrayBuffer",
    class extends Shared {
      constructor(bytes: number) {
        super(bytes);
        made.push(bytes);
      }
    },
  );
  for (const threads of [1, 2, 5]) {
    using opened = await wasmGemm({ threads });
    expect(opened.capabilities.outsideBytes).toBe(made.splice(0).reduce((sum, bytes) => sum + bytes, 0));
  }
  vi.unstubAllGlobals();
});

test("says what became of the wish for threads", async () => {
  expect(provider.capabilities).toMatchObject({ threads: 2, threading: { wanted: 2, got: 2 } });
  using many = await wasmGemm({ threads: 2 * navigator.hardwareConcurrency });
  const got = 2 * navigator.hardwareConcurrency;
  expect(many.capabilities.threading).toEqual({ wanted: got, got, reason: expect.stringContaining("processors") });
  using one = await wasmGemm();
  expect(one.capabilities).toMatchObject({ threads: 1, threading: { wanted: 1, got: 1 } });
});
