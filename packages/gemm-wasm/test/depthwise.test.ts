import type { Heap } from "@leanconv/core";
import type { GemmDescriptor, GemmProvider, PackDescriptor } from "@leanconv/gemm";
import {
  type CaseOperand,
  checkCase,
  checkParts,
  type KernelCase,
  randomFrom,
  sampleActivations,
} from "@leanconv/testing";
import { planGemm } from "@leanconv/wasm-runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wasmGemm } from "../src/index.ts";

const tile = { mr: 6, nr: 8 };

interface Shape {
  readonly layout: "nchw" | "nhwc";
  readonly stride: number;
  readonly dx: number;
  readonly iw: number;
  readonly cols: number;
}

const layouts = ["nchw", "nhwc"] as const;
// Images narrower than the kernel, around one and several vectors, and wider than what slides at once; outputs that need
// fewer columns than there are, as many, and more at either end.
const shapes: Shape[] = layouts.flatMap((layout) =>
  [1, 2].flatMap((stride) =>
    [-3, -2, -1, 0, 1].flatMap((dx) =>
      [1, 2, 4, 5, 6, 7, 8, 11, 18, 37].flatMap((iw) => {
        const fit = Math.ceil(iw / stride);
        const widths = new Set([1, 4, 5, fit - 2, fit - 1, fit, fit + 1, fit + 3].filter((cols) => cols > 0));
        return [...widths].map((cols) => ({ layout, stride, dx, iw, cols }));
      }),
    ),
  ),
);

/** A dense operand that owns exactly `elements`. */
function dense(role: CaseOperand["role"], access: CaseOperand["access"], elements: number): CaseOperand {
  return { role, access, elements, origin: 0, used: new Uint8Array(elements).fill(1) };
}

function depthwiseCase({ layout, stride, dx, iw, cols }: Shape, seed: number): KernelCase {
  const random = randomFrom(seed);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const count = 2 + upTo(8);
  const [dy, ih, rows] = [1 - upTo(4), 1 + upTo(8), 1 + upTo(6)];
  const taps = [0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => ({ dy: y + dy, dx: x + dx })));
  const planes = layout === "nchw";
  const pack: PackDescriptor = {
    ...{ kind: "pack", dtype: "float32", layout, rows: [[1, 9]], k: [[9, 1]], batch: [[count, 9]] },
  };
  const bias = seed % 3 > 0;
  const activation = [undefined, ...sampleActivations][seed % (sampleActivations.length + 1)];
  const slopes = activation?.kind === "prelu";
  const descriptor: GemmDescriptor = {
    ...{ kind: "gemm", dtype: "float32", m: 1, k: 9, rows, cols, beta: 0, a: { kind: "packed", pack } },
    b: {
      ...{ kind: "patch", channels: 1, taps, ih, iw, sh: stride, sw: stride },
      ...(planes ? { channel: ih * iw, line: iw, col: 1 } : { channel: 1, line: iw * count, col: count }),
    },
    c: planes ? { m: rows * cols, row: cols, col: 1 } : { m: 1, row: cols * count, col: count },
    ...(bias && { bias }),
    ...(activation && { activation }),
    batch: {
      ...{ count, a: 1, b: planes ? ih * iw : 1, c: planes ? rows * cols : 1 },
      ...{ ...(bias && { bias: 1 }), ...(slopes && { slopes: 1 }) },
    },
  };
  const weights = new Uint8Array(9 * count).fill(1);
  const operands: CaseOperand[] = [
    { ...dense("a", "read", 0), packed: { pack, used: weights, origin: 0, batch: 0, k: 0 } },
    dense("b", "read", count * ih * iw),
    dense("c", "write", count * rows * cols),
    ...(bias ? [dense("bias", "read", count)] : []),
    ...(slopes ? [dense("slopes", "read", count)] : []),
  ];
  const begin = upTo(2) > 0 ? 0 : upTo(rows - 1);
  return { descriptor, operands, rows: [begin, rows], seed, last: seed % operands.length, guard: 1 + upTo(4) };
}

const cases = shapes.map((shape, i) => depthwiseCase(shape, i + 1));

describe.each(["relaxed", "simd"] as const)("depthwise by 3x3 neighbours, %s", (variant) => {
  let provider: GemmProvider;
  let heap: Heap;
  beforeAll(async () => {
    provider = await wasmGemm({ variant });
    heap = await provider.createHeap(1 << 20);
  });
  afterAll(() => {
    heap?.dispose();
    provider?.dispose();
  });

  test("every border, width and activation gives the integers of its definition and touches nothing else", () => {
    for (const kernelCase of cases) expect(checkCase(provider, heap, kernelCase)).toBeUndefined();
  });

  test("any number of parts gives the same bits", () => {
    for (const kernelCase of cases) {
      const error = checkParts(provider, heap, kernelCase, 2 + (kernelCase.seed % 4));
      expect(error).toBeUndefined();
    }
  });
});

test.each(layouts)("%s: both the sliding loops and the others are among them", (layout) => {
  const plans = shapes.flatMap((shape, i) =>
    shape.layout === layout ? [planGemm(cases[i].descriptor as GemmDescriptor, tile)] : [],
  );
  const sliding = plans.filter((plan) => plan.sliding).length;
  expect(new Set(plans.map(({ path }) => path)).size).toBe(1);
  expect(sliding).toBeGreaterThan(30);
  if (layout === "nchw") expect(plans.length - sliding).toBeGreaterThan(30);
});
