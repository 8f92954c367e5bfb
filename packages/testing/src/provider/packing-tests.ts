import { Heap, type Region } from "@leanconv/core";
import {
  type GemmDescriptor,
  type GemmProvider,
  type Node,
  type PackDescriptor,
  type Program,
  serial,
  workspaceNeeds,
} from "@leanconv/gemm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { guardArray, guardWord, wordsOf } from "../guard.ts";
import { packedA, type StrideMode } from "../kernel/gemm-operands.ts";
import { forEachIndex } from "../kernel/strides.ts";
import { winogradMatrices } from "../kernel/winograd-matrices.ts";
import { randomFrom, valueFrom } from "../random.ts";

/** Packed constants: the bytes that were declared, no others, from foreign memory, the same every time. */
export function testPacking(provider: () => GemmProvider, heap: () => Heap, runs: number): void {
  const cases = fc.record({
    m: fc.integer({ min: 1, max: 20 }),
    k: fc.integer({ min: 1, max: 40 }),
    batch: fc.integer({ min: 1, max: 3 }),
    mode: fc.constantFrom<StrideMode>("planes", "gaps"),
    seed: fc.nat(),
  });

  test("pack fills exactly the declared bytes, from any memory and strides, and leaves the source alone", () => {
    fc.assert(
      fc.property(cases, ({ m, k, batch, mode, seed }) => {
        const random = randomFrom(seed);
        const { pack, used, origin } = packedA(random, mode, batch, { m, k, rows: 1, cols: 1 }).operand.packed!;
        const filter = guardArray(used.length);
        for (let i = 0; i < used.length; i++) if (used[i]) filter[i] = valueFrom(random, "reals");
        const before = wordsOf(filter).slice();
        const form = provider().packedForm(pack);
        expect(provider().packedForm(pack)).toEqual(form);
        expect(form.bytes % 4).toBe(0);

        const mark = heap().mark();
        const below = heap().allocate(64);
        const target = heap().allocate(form.bytes, "packed");
        const above = heap().allocate(64);
        for (const region of [below, target, above]) wordsOf(region.float32).fill(guardWord);
        provider().pack(pack, filter, origin, target);
        expect(intact(below) && intact(above), "pack wrote outside of its region").toBe(true);
        const words = wordsOf(target.float32);
        const tail = words.subarray(Math.max(0, words.length - heap().alignBytes / 4));
        expect(
          tail.some((word) => word !== guardWord),
          "the end of the declared bytes is not used",
        ).toBe(true);
        expect(wordsOf(filter)).toEqual(before);

        const first = words.slice();
        words.fill(0);
        provider().pack(pack, filter, origin, target);
        const again = words.map((word, i) => (first[i] === guardWord ? guardWord : word));
        expect(again).toEqual(first);
        heap().release(mark);
      }),
      { numRuns: runs },
    );
  });

  test.each([2, 4] as const)(
    "filters packed as points for tiles of %i: G g G', in panels that products enter anywhere",
    (tile) => {
      const shape = fc.record({
        m: fc.integer({ min: 1, max: 20 }),
        k: fc.integer({ min: 1, max: 13 }),
        seed: fc.nat(),
      });
      fc.assert(
        fc.property(shape, fc.constantFrom("nchw", "nhwc"), ({ m, k, seed }, layout) => {
          const random = randomFrom(seed);
          const filter = new Float32Array(2 * m * k * 9).map(() => valueFrom(random, "reals"));
          const points = (tile + 2) ** 2;
          const pack: PackDescriptor = {
            ...{ kind: "pack", dtype: "float32", layout: m === 1 ? "nchw" : layout, rows: [[m, 9 * k]], k: [[k, 9]] },
            ...{
              batch: [
                [2, 9 * m * k],
                [points, 0],
              ],
              transform: { tile, line: 3, col: 1 },
            },
          };
          const got = pointsOf(provider(), heap(), pack, filter, points);
          const matrix = winogradMatrices[`filter${tile}`];
          forEachIndex([2, tile + 2, tile + 2, m, k], ([g, i, j, row, depth]) => {
            let [want, magnitude] = [0, 0];
            forEachIndex([3, 3], ([s, t]) => {
              const term = matrix[i][s] * filter[((g * m + row) * k + depth) * 9 + 3 * s + t] * matrix[j][t];
              want += term;
              magnitude += Math.abs(term);
            });
            const at = (((g * (tile + 2) + i) * (tile + 2) + j) * m + row) * k + depth;
            expect(Math.abs(got[at] - want), `${g} ${i} ${j} ${row} ${depth}`).toBeLessThanOrEqual(
              12 * 2 ** -24 * magnitude,
            );
          });
        }),
        { numRuns: Math.ceil(runs / 4) },
      );
    },
  );

  test("pack into memory of another provider, or of a heap that is gone, is refused", () => {
    const { pack, used, origin } = packedA(randomFrom(1), "planes", 1, { m: 3, k: 5, rows: 1, cols: 1 }).operand
      .packed!;
    const { bytes } = provider().packedForm(pack);
    const { alignBytes } = heap();
    const source = new Float32Array(used.length);
    const foreign = new Heap(new ArrayBuffer(bytes + alignBytes), { provider: "nobody", alignBytes });
    const own = new Heap(new ArrayBuffer(bytes + alignBytes), { provider: provider().name, alignBytes });
    const [there, gone] = [foreign.allocate(bytes), own.allocate(bytes)];
    own.dispose();
    expect(() => provider().pack(pack, source, origin, there)).toThrowError(withCode("state.wrong-memory"));
    expect(() => provider().pack(pack, source, origin, gone)).toThrowError(withCode("state.disposed"));
  });

  test("pack into a region that is too small is refused with the numbers", () => {
    const { pack, used, origin } = packedA(randomFrom(1), "planes", 1, { m: 3, k: 5, rows: 1, cols: 1 }).operand
      .packed!;
    const mark = heap().mark();
    const target = heap().allocate(provider().packedForm(pack).bytes - 4);
    expect(() => provider().pack(pack, new Float32Array(used.length), origin, target)).toThrowError(
      withCode("resource.out-of-memory"),
    );
    heap().release(mark);
  });
}

/** Packed points as [batch][point][row][k], read by products with an identity; rows from panel to panel. */
function pointsOf(
  provider: GemmProvider,
  heap: Heap,
  pack: PackDescriptor,
  filter: Float32Array,
  points: number,
): Float32Array {
  const [[m], [k]] = [pack.rows[0], pack.k[0]];
  const mark = heap.mark();
  const form = provider.packedForm(pack);
  const weights = heap.allocate(form.bytes, "weights");
  provider.pack(pack, filter, 0, weights);
  const identity = heap.allocate(4 * k * k, "identity");
  identity.float32.fill(0);
  for (let i = 0; i < k; i++) identity.float32[i * (k + 1)] = 1;
  const output = heap.allocate(4 * 2 * points * m * k, "output");
  const panel = form.panel || 1;
  const kernels: GemmDescriptor[] = [];
  const body: Node[] = [];
  // A product for every panel of rows.
  for (let first = 0; first < m; first += panel) {
    kernels.push({
      ...{ kind: "gemm", dtype: "float32", m: Math.min(panel, m - first), k, rows: 1, cols: k, beta: 0 },
      ...{ a: { kind: "packed", pack }, b: { kind: "plain", k: k, row: 0, col: 1 }, c: { m: k, row: 0, col: 1 } },
      batch: { count: 2 * points, a: 1, b: 0, c: m * k },
    });
    const a = { of: "weights", at: 0, m: { at: first } };
    const at = { a, b: { of: "identity", at: 0 }, c: { of: "output", at: first * k } };
    body.push(serial({ kernel: kernels.length - 1, at }));
  }
  const program: Program = {
    operands: [
      { name: "weights", access: "read", pack },
      { name: "identity", access: "read", extent: [0, k * k] },
      { name: "output", access: "write", extent: [0, 2 * points * m * k] },
    ],
    ...{ slots: [], kernels, body },
  };
  const { workspaceBytes } = workspaceNeeds(program, provider, 1);
  const workspace = heap.allocate(workspaceBytes, "workspace");
  const operands = Object.fromEntries(
    [weights, identity, output].map(({ name, float32 }) => [name, { data: float32, offset: 0 }]),
  );
  provider.bind(program, { heap, operands, workspace }).run();
  const values = output.float32.slice();
  heap.release(mark);
  return values;
}

const withCode = (code: string): object => expect.objectContaining({ code });

function intact(region: Region): boolean {
  return wordsOf(region.float32).every((word) => word === guardWord);
}
