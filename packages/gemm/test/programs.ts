import type { Heap, Region } from "@leanconv/core";
import {
  type AddDescriptor,
  type Address,
  type CopyDescriptor,
  type Executable,
  type FillDescriptor,
  type GemmDescriptor,
  type GemmProvider,
  type Node,
  type Program,
  type ProgramBinding,
  workspaceNeeds,
} from "@leanconv/gemm";

/** Fills `count` elements in a row with a number. */
export const fill = (count: number, value = 1, rows?: number): FillDescriptor => ({
  ...{ kind: "fill", dtype: "float32", extents: [count], target: [1], value },
  ...(rows !== undefined && { rows }),
});

/** Copies `count` elements in a row. */
export const copy = (count: number): CopyDescriptor => ({
  ...{ kind: "copy", dtype: "float32", extents: [count], source: [1] },
  target: { kind: "strided", strides: [1] },
});

/** Adds `count` elements in a row. */
export const add = (count: number): AddDescriptor => ({
  ...{ kind: "add", dtype: "float32", extents: [count], source: [1], target: [1] },
});

/** A plain product of dense row-major matrices. */
export const gemm = (m: number, k: number, rows: number, cols: number): GemmDescriptor => ({
  ...{ kind: "gemm", dtype: "float32", m, k, rows, cols, beta: 0 },
  ...{ a: { kind: "plain", m: k, k: 1 }, b: { kind: "plain", k: rows * cols, row: cols, col: 1 } },
  c: { m: rows * cols, row: cols, col: 1 },
});

/** An address: an operand, where in it, and how it moves. */
export const at = (of: string, offset = 0, by?: Record<string, number>): Address => ({
  ...{ of, at: offset },
  ...(by && { by }),
});

/** A program on operands of the given sizes, all of which may be read and written. */
export function program(
  sizes: Readonly<Record<string, number>>,
  kernels: Program["kernels"],
  body: readonly Node[],
  slots: Program["slots"] = [],
): Program {
  const operands = Object.entries(sizes).map(([name, elements]) => ({
    ...{ name, access: "read-write" as const, extent: [0, elements] as const },
  }));
  return { operands, slots, kernels, body };
}

export interface Bound extends Executable {
  readonly heap: Heap;
  readonly memory: Readonly<Record<string, Float32Array>>;
  readonly workspace: Region;
  /** Where an operand starts in the heap, in elements. */
  readonly start: (name: string) => number;
}

/** Binds a program in a heap of its own, operands filled with 1, 2, 3 and so on, the workspace with NaN. */
export async function bound(
  made: Program,
  provider: GemmProvider,
  options: Pick<ProgramBinding, "threads" | "parts"> = {},
): Promise<Bound> {
  const { workspaceBytes } = workspaceNeeds(made, provider, options.threads);
  const heap = await provider.createHeap(65536);
  const memory: Record<string, Float32Array> = {};
  for (const { name, extent } of made.operands) {
    const { float32 } = heap.allocate(4 * (extent?.[1] ?? 0), name);
    for (let i = 0; i < float32.length; i++) float32[i] = i + 1;
    memory[name] = float32;
  }
  const workspace = heap.allocate(workspaceBytes, "workspace");
  workspace.float32.fill(Number.NaN);
  const operands = Object.fromEntries(Object.entries(memory).map(([name, data]) => [name, { data, offset: 0 }]));
  const executable = provider.bind(made, { heap, operands, workspace, ...options });
  return {
    ...{ heap, memory, workspace, run: () => executable.run(), runAsync: (options) => executable.runAsync(options) },
    start: (name) => memory[name].byteOffset / 4,
  };
}
