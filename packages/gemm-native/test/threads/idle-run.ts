// Started by process.test.ts: multiplies on several threads of several providers, and ends without disposing them.
import { serial, workspaceNeeds } from "@leanconv/gemm";
import { nativeGemm } from "../../src/index.ts";

const size = 256;
const gemm = {
  ...({ kind: "gemm", dtype: "float32", m: size, k: size, rows: 1, cols: size, beta: 0 } as const),
  a: { kind: "plain", m: size, k: 1 },
  b: { kind: "plain", k: size, row: 0, col: 1 },
  c: { m: size, row: 0, col: 1 },
} as const;
const operand = (name: string) => ({ name, access: "read-write", extent: [0, size * size] }) as const;
const program = {
  ...{ operands: ["a", "b", "c"].map(operand), slots: [], kernels: [gemm] },
  body: [serial({ kernel: 0, at: { a: { of: "a", at: 0 }, b: { of: "b", at: 0 }, c: { of: "c", at: 0 } } })],
};

for (const threads of [1, 2, 3]) {
  const provider = await nativeGemm({ library: process.argv[2], threads });
  const heap = await provider.createHeap(2 ** 21);
  const [a, b, c] = [0, 1, 2].map(() => heap.allocate(4 * size * size).float32.fill(1));
  const { workspaceBytes } = workspaceNeeds(program, provider, threads);
  const bound = provider.bind(program, {
    ...{ heap, threads, workspace: heap.allocate(workspaceBytes) },
    operands: { a: { data: a, offset: 0 }, b: { data: b, offset: 0 }, c: { data: c, offset: 0 } },
  });
  bound.run();
  await bound.runAsync();
  if (c.some((value) => value !== size)) throw new Error("a wrong product");
}
console.log("ran");
