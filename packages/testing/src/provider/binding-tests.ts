import { Heap, type Region } from "@leanconv/core";
import {
  type GemmDescriptor,
  type GemmProvider,
  loop,
  type Program,
  type ProgramBinding,
  part,
  phase,
  serial,
  workspaceNeeds,
} from "@leanconv/gemm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const withCode = (code: string): object => expect.objectContaining({ code });

const m = 5;
const k = 6;
const cols = 7;
const rows = 4;
const pixels = rows * cols;

/** b is copied row by row into panels of a per-thread slot and multiplied; then 1 is added from a shared slot. */
function sampleProgram(provider: GemmProvider): Program {
  const panels: GemmDescriptor = {
    ...{ kind: "gemm", dtype: "float32", m, k, rows: 1, cols, beta: 0, bias: true },
    ...{ a: { kind: "plain", m: k, k: 1 }, b: { kind: "panels", depth: k } },
    c: { m: pixels, row: cols, col: 1 },
  };
  return {
    operands: [
      { name: "a", access: "read", extent: [0, m * k] },
      { name: "b", access: "read", extent: [0, k * pixels] },
      { name: "bias", access: "read", extent: [0, m] },
      { name: "c", access: "write", extent: [0, m * pixels] },
    ],
    slots: [
      { name: "strip", elements: provider.panelElements(k, cols), perThread: true },
      { name: "ones", elements: m * pixels },
    ],
    kernels: [
      {
        ...{ kind: "copy", dtype: "float32", extents: [k, cols], source: [pixels, 1] },
        target: { kind: "panels", depth: k, k: [1, 0], col: [0, 1] },
      },
      panels,
      { kind: "fill", dtype: "float32", extents: [m * pixels], target: [1], value: 1 },
      { kind: "add", dtype: "float32", extents: [m, pixels], source: [pixels, 1], target: [pixels, 1] },
    ],
    body: [
      phase(
        part(
          rows,
          { kernel: 0, at: { source: { of: "b", at: 0, by: { part: cols } }, target: { of: "strip", at: 0 } } },
          {
            kernel: 1,
            at: {
              a: { of: "a", at: 0 },
              b: { of: "strip", at: 0 },
              c: { of: "c", at: 0, by: { part: cols } },
              bias: { of: "bias", at: 0 },
            },
          },
        ),
      ),
      loop("i", 2, [
        serial({ kernel: 2, at: { target: { of: "ones", at: 0 } } }),
        serial({ kernel: 3, at: { source: { of: "ones", at: 0 }, target: { of: "c", at: 0 } } }),
      ]),
    ],
  };
}

interface Fixture {
  readonly heap: Heap;
  readonly program: Program;
  readonly binding: ProgramBinding & { readonly workspace: Region };
  readonly output: Float32Array;
}

async function fixture(provider: GemmProvider, threads: number): Promise<Fixture> {
  const program = sampleProgram(provider);
  const { workspaceBytes, tableBytes } = workspaceNeeds(program, provider, threads);
  const { reservedBytes } = provider.capabilities;
  const heap = await provider.createHeap(reservedBytes + workspaceBytes + tableBytes + 16384);
  const operands: Record<string, { data: Float32Array; offset: number }> = {};
  for (const operand of program.operands) {
    const { float32 } = heap.allocate(4 * operand.extent![1] + 4, operand.name);
    float32.forEach((_, i) => {
      float32[i] = ((i * 7) % 9) - 4;
    });
    operands[operand.name] = { data: float32, offset: 1 };
  }
  const workspace = heap.allocate(workspaceBytes, "workspace");
  workspace.float32.fill(Number.NaN);
  operands.c.data.fill(Number.NaN);
  return { heap, program, binding: { heap, operands, workspace, threads }, output: operands.c.data };
}

/** The plain meaning of the sample program. */
function expected({ binding }: Fixture): number[] {
  const [a, b, bias] = ["a", "b", "bias"].map((name) => binding.operands[name].data.subarray(1));
  return Array.from({ length: m * pixels }, (_, at) => {
    const i = Math.floor(at / pixels);
    let sum = bias[i] + 2;
    for (let kk = 0; kk < k; kk++) sum += a[i * k + kk] * b[kk * pixels + (at % pixels)];
    return sum;
  });
}

/** Binding checks everything it can, and a bound program runs the same with any threads and parts. */
export function testBinding(open: () => GemmProvider | Promise<GemmProvider>): void {
  describe("binding", () => {
    let provider: GemmProvider;
    beforeAll(async () => {
      provider = await open();
    });
    afterAll(() => provider?.dispose());

    test("a program gives the same with any number of threads and parts, again and again", async () => {
      const most = provider.capabilities.threads;
      for (const threads of new Set([1, 2, most].filter((count) => count <= most))) {
        const made = await fixture(provider, threads);
        for (const parts of [undefined, 1, 2, 3, 5, 8]) {
          const executable = provider.bind(made.program, { ...made.binding, ...(parts !== undefined && { parts }) });
          for (let run = 0; run < 2; run++) {
            made.output.fill(Number.NaN);
            made.binding.workspace.float32.fill(Number.NaN);
            executable.run();
            expect([...made.output.subarray(1)], `${threads} threads, ${parts} parts`).toEqual(expected(made));
            expect(made.output[0]).toBeNaN();
          }
        }
        made.heap.dispose();
      }
    });

    const broken: Record<string, readonly [string, (made: Fixture) => Partial<ProgramBinding>]> = {
      "a heap of another provider": [
        "state.wrong-memory",
        ({ heap }) => ({ heap: new Heap(new ArrayBuffer(heap.bytes), { provider: "nobody", alignBytes: 16 }) }),
      ],
      "an operand outside of the heap": [
        "state.wrong-memory",
        ({ binding }) => ({ operands: { ...binding.operands, a: { data: new Float32Array(100), offset: 0 } } }),
      ],
      "a missing operand": [
        "argument.shape",
        ({ binding: { operands } }) => ({ operands: { a: operands.a, b: operands.b, c: operands.c } }),
      ],
      "an operand one element too small": [
        "argument.shape",
        ({ binding: { operands } }) => ({ operands: { ...operands, a: { data: operands.a.data, offset: 2 } } }),
      ],
      "an operand that starts before its array": [
        "argument.shape",
        ({ binding: { operands } }) => ({ operands: { ...operands, a: { data: operands.a.data, offset: -1 } } }),
      ],
      "a workspace one element too small": [
        "resource.workspace-too-small",
        ({ binding: { workspace } }) => ({ workspace: { ...workspace, bytes: workspace.bytes - 4 } }),
      ],
      "a workspace that is not aligned": [
        "resource.misaligned",
        ({ binding: { workspace } }) => ({ workspace: { ...workspace, byteOffset: workspace.byteOffset + 4 } }),
      ],
      "no thread": ["argument.range", () => ({ threads: 0 })],
    };
    test.each(Object.entries(broken))("refuses %s", async (_, [code, change]) => {
      const made = await fixture(provider, 1);
      expect(() => provider.bind(made.program, { ...made.binding, ...change(made) })).toThrowError(withCode(code));
      made.heap.dispose();
    });

    test("refuses to run without the workspace it needs, in a disposed heap, and another heap's workspace", async () => {
      const made = await fixture(provider, 1);
      const other = await fixture(provider, 1);
      const { workspace: _, ...without } = made.binding;
      expect(() => provider.bind(made.program, without)).toThrowError(withCode("resource.workspace-too-small"));
      const foreign = { ...made.binding, workspace: other.binding.workspace };
      expect(() => provider.bind(made.program, foreign)).toThrowError(withCode("state.wrong-memory"));
      made.heap.dispose();
      expect(() => provider.bind(made.program, made.binding)).toThrowError(withCode("state.disposed"));
      other.heap.dispose();
    });

    test("a program does not run in a heap that was disposed since, nor with a disposed provider", async () => {
      const made = await fixture(provider, provider.capabilities.threads);
      const executable = provider.bind(made.program, made.binding);
      made.heap.dispose();
      expect(() => executable.run()).toThrowError(withCode("state.disposed"));
      await expect(executable.runAsync()).rejects.toThrowError(withCode("state.disposed"));
      const closed = await open();
      const other = await fixture(closed, 1);
      const late = closed.bind(other.program, other.binding);
      closed.dispose();
      expect(() => late.run()).toThrowError(withCode("state.disposed"));
      await expect(late.runAsync()).rejects.toThrowError(withCode("state.disposed"));
      for (const { output } of [made, other]) expect(output.every(Number.isNaN)).toBe(true);
    });

    test("a heap without room for all tables is refused, and none of them stays", async () => {
      const made = await fixture(provider, 1);
      const { tableBytes } = workspaceNeeds(made.program, provider);
      const { heap } = made;
      const room = Math.max(0, tableBytes - heap.alignBytes);
      heap.allocate(heap.bytes - heap.usedBytes - room, "the rest");
      const before = heap.usedBytes;
      if (tableBytes > 0) {
        expect(() => provider.bind(made.program, made.binding)).toThrowError(withCode("resource.out-of-memory"));
      }
      expect(heap.usedBytes).toBe(before);
      heap.dispose();
    });

    test("refuses a program whose step leaves its operand", async () => {
      const made = await fixture(provider, 1);
      const [first, ...others] = made.program.operands;
      const smaller: Program = { ...made.program, operands: [{ ...first, extent: [0, m * k - 1] }, ...others] };
      expect(() => provider.bind(smaller, made.binding)).toThrowError(withCode("argument.descriptor"));
      made.heap.dispose();
    });
  });
}
