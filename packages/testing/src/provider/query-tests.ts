import type { Heap } from "@leanconv/core";
import type {
  CopyDescriptor,
  GemmDescriptor,
  GemmProvider,
  KernelDescriptor,
  PatchB,
  TransformDescriptor,
} from "@leanconv/gemm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { gemmCases } from "../kernel/gemm-cases.ts";
import type { KernelCase } from "../kernel/kernel-case.ts";
import { moverCases } from "../kernel/mover-cases.ts";

/** Questions have no effects, and broken descriptors get an answer instead of garbage. */
export function testQueries(
  provider: () => GemmProvider,
  heap: () => Heap,
  accepts: (kernelCase: KernelCase) => boolean,
  runs: number,
): void {
  test("query, refuses and compile are pure in the descriptor, and query is in whole elements", () => {
    const { capabilities } = provider();
    const cases = fc.oneof(gemmCases(capabilities), moverCases(capabilities));
    fc.assert(
      fc.property(cases, (kernelCase) => {
        if (!accepts(kernelCase)) return;
        const descriptor = deepFreeze(structuredClone(kernelCase.descriptor));
        const first = provider().query(descriptor);
        const mark = heap().mark();
        provider().compile(descriptor, heap());
        heap().release(mark);
        expect(provider().query(structuredClone(descriptor))).toEqual(first);
        expect(first.scratchBytes % 4).toBe(0);
        expect(first.scratchBytes).toBeGreaterThanOrEqual(0);
        expect(first.tableBytes).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: runs },
    );
  });

  test.each(Object.entries(brokenDescriptors))("refuses %s", (_, [code, descriptor]) => {
    expect(provider().refuses(descriptor)?.code).toBe(code);
  });

  test("capabilities are whole and sensible", () => {
    const { mr, nr, panelWidth, alignBytes, threads, pageBytes, reservedBytes, dtypes } = provider().capabilities;
    for (const count of [mr, nr, panelWidth, alignBytes, threads, pageBytes]) expect(count).toSatisfy(isCount);
    expect(reservedBytes).toBeGreaterThanOrEqual(0);
    expect(alignBytes % 4).toBe(0);
    expect(dtypes).toContain("float32");
    expect(provider().panelElements(3, panelWidth + 1)).toBe(2 * 3 * panelWidth);
    expect(provider().panelElements(3, 0)).toBe(0);
  });
}

const strided = (...strides: number[]): CopyDescriptor["target"] => ({ kind: "strided", strides });

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;

const gemm: GemmDescriptor = {
  ...{ kind: "gemm", dtype: "float32", m: 2, k: 4, rows: 1, cols: 3, beta: 0 },
  ...{ a: { kind: "plain", m: 4, k: 1 }, b: { kind: "plain", k: 3, row: 3, col: 1 }, c: { m: 3, row: 3, col: 1 } },
};
const patch: PatchB = {
  ...{ kind: "patch", channels: 3, taps: [{ dy: 0, dx: 0 }], ih: 1, iw: 1, sh: 1, sw: 1 },
  ...{ channel: 1, line: 1, col: 1 },
};
const copy: CopyDescriptor = {
  ...{ kind: "copy", dtype: "float32", extents: [2, 3], source: [3, 1] },
  target: { kind: "strided", strides: [3, 1] },
};

const transform: TransformDescriptor = {
  ...{ kind: "transform", dtype: "float32", tile: 2, to: "points", channels: 2, grid: [1, 1] },
  image: { height: 4, width: 4, channel: 16, line: 4, col: 1, top: 0, left: 0 },
  points: { kind: "strided", point: 2, channel: 1, tile: 1 },
};

/** Descriptors that contradict themselves, with the code every provider owes them. */
const brokenDescriptors: Readonly<Record<string, readonly [string, KernelDescriptor]>> = {
  "another dtype": ["argument.dtype", { ...gemm, dtype: "float64" as "float32" }],
  "a negative m": ["argument.descriptor", { ...gemm, m: -1 }],
  "half a column": ["argument.descriptor", { ...gemm, cols: 1.5 }],
  "beta 2": ["argument.descriptor", { ...gemm, beta: 2 as 1 }],
  "k that is not taps times channels": ["argument.descriptor", { ...gemm, b: patch }],
  "k beyond the panels": ["argument.descriptor", { ...gemm, b: { kind: "panels", depth: 3 } }],
  "seven axes": [
    "argument.descriptor",
    { ...copy, extents: [1, 1, 1, 1, 1, 1, 1], source: [0, 0, 0, 0, 0, 0, 0], target: strided(0, 0, 0, 0, 0, 0, 0) },
  ],
  "a negative extent": ["argument.descriptor", { ...copy, extents: [2, -3] }],
  "rows on an axis that is not there": ["argument.descriptor", { ...copy, rows: 2 }],
  "strides that do not fit the axes": ["argument.descriptor", { ...copy, source: [1] }],
  "a third bound": [
    "argument.descriptor",
    { ...copy, bounds: [0, 1, 2].map(() => ({ extent: 2, offset: 0, steps: [1, 0] })) },
  ],
  "prelu without slopes": [
    "argument.descriptor",
    { kind: "activate", dtype: "float32", extents: [2], target: [1], activation: { kind: "prelu" } },
  ],
  "a transform without matrices": ["argument.descriptor", { ...transform, tile: 3 as 2 }],
  "more channels than panels are deep": [
    "argument.descriptor",
    { ...transform, points: { kind: "panels", point: 8, depth: 1 } },
  ],
  "panels that are read": [
    "argument.descriptor",
    { ...transform, to: "image", points: { kind: "panels", point: 16, depth: 2 } },
  ],
  "an activation of points": ["argument.descriptor", { ...transform, activation: { kind: "relu" } }],
};

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
