import type { Heap } from "@leanconv/core";
import type { CopyDescriptor, Executable, FillDescriptor, GemmProvider, Node, Program } from "@leanconv/gemm";
import { loop, serial, workspaceNeeds } from "@leanconv/gemm";

const size = 8;

const fill = (value: number): FillDescriptor => ({
  ...{ kind: "fill", dtype: "float32", extents: [2, size / 2], target: [size / 2, 1], value },
});
const copy: CopyDescriptor = {
  ...{ kind: "copy", dtype: "float32", extents: [size], source: [1] },
  target: { kind: "strided", strides: [1] },
};

/** The kernel of the guarded program whose table tests spoil. */
export const spoiltKernel = 2;

/** x is saved, zeroed, y is filled `rounds` times with 5, and x is put back. */
export function guardedProgram(rounds = 1): Program {
  const x = { of: "x", at: 0 };
  const saved = { of: "saved", at: 0 };
  const body: Node = {
    kind: "guarded",
    save: [serial({ kernel: 0, at: { source: x, target: saved } })],
    body: [
      serial({ kernel: 1, at: { target: x } }),
      loop("i", rounds, [serial({ kernel: spoiltKernel, at: { target: { of: "y", at: 0 } } })]),
    ],
    restore: [serial({ kernel: 0, at: { source: saved, target: x } })],
  };
  return {
    operands: [
      { name: "x", access: "exclusive", extent: [0, size] },
      { name: "y", access: "write", extent: [0, size] },
    ],
    slots: [{ name: "saved", elements: size }],
    kernels: [copy, fill(0), fill(5)],
    body: [body],
  };
}

/** Phases of one run of it. */
export const phasesOf = (rounds: number): number => rounds + 3;

export interface BoundExample extends Executable {
  readonly heap: Heap;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Where the binding put its tables. */
  readonly tables: number;
}

export const input: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];
export const output: readonly number[] = Array.from(input, () => 5);

/** The guarded program in a heap of its own. */
export async function bindExample(provider: GemmProvider, threads: number, rounds = 1): Promise<BoundExample> {
  const program = guardedProgram(rounds);
  const heap = await provider.createHeap(65536);
  const [x, y] = ["x", "y"].map((name) => heap.allocate(4 * size, name).float32);
  x.set(input);
  const workspace = heap.allocate(workspaceNeeds(program, provider, threads).workspaceBytes, "workspace");
  const tables = heap.usedBytes;
  const operands = { x: { data: x, offset: 0 }, y: { data: y, offset: 0 } };
  const bound = provider.bind(program, { heap, operands, workspace, threads });
  return { heap, x, y, tables, run: () => bound.run(), runAsync: (options) => bound.runAsync(options) };
}
