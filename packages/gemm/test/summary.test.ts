import {
  type CopyDescriptor,
  type GemmDescriptor,
  gemmWork,
  loop,
  moveWork,
  type Program,
  part,
  phase,
  referenceGemm,
  serial,
  summariseProgram,
  validWindow,
} from "@leanconv/gemm";
import { countingProvider, sortedWork } from "@leanconv/testing";
import { describe, expect, test } from "vitest";
import { add, at, bound, copy, fill, gemm, program } from "./programs.ts";

const product = { a: at("x"), b: at("x"), c: at("y") };
const strips = { begin: { at: 0, by: { part: 2 } }, count: 2, limit: 5 };

/** One 3x3 tap over a 5 x 7 image, one line up and two columns right: a window of 4 x 5 outputs is inside. */
const tap: GemmDescriptor = {
  ...gemm(2, 3, 5, 7),
  b: {
    ...{ kind: "patch", channels: 3, taps: [{ dy: -1, dx: 2 }], ih: 5, iw: 7, sh: 1, sw: 1 },
    ...{ channel: 35, line: 7, col: 1 },
  },
};

/** Written by hand, with what each of them is there for. */
const programs: Record<string, Program> = {
  "loops around phases of several parts": program(
    { x: 64, y: 64 },
    [gemm(2, 3, 1, 4), copy(5), add(6)],
    [
      loop("i", 3, [
        phase(
          part(4, { kernel: 0, at: product }, { kernel: 1, at: { source: at("x"), target: at("y", 0, { i: 5 }) } }),
        ),
        serial({ kernel: 2, times: 2, at: { source: at("x"), target: at("y") } }),
      ]),
    ],
  ),
  "row ranges of different heights": program(
    { x: 64, y: 64 },
    [gemm(2, 3, 5, 4), fill(5, 0, 0)],
    [
      loop("i", 2, [
        phase(part(3, { kernel: 0, rows: strips, at: product }, { kernel: 1, rows: strips, at: { target: at("y") } })),
      ]),
    ],
  ),
  "rows chosen by two counters": program(
    { x: 512, y: 512 },
    [gemm(1, 2, 12, 3)],
    [
      loop("i", 2, [
        phase(
          part(3, {
            kernel: 0,
            rows: { begin: { at: 0, by: { i: 6, part: 2 } }, count: 2, limit: 11 },
            at: product,
          }),
        ),
      ]),
    ],
  ),
  "a guarded node": program(
    { x: 8, y: 8 },
    [copy(4), fill(4), add(4)],
    [
      {
        kind: "guarded",
        save: [serial({ kernel: 0, at: { source: at("x"), target: at("y") } })],
        body: [
          serial({ kernel: 1, at: { target: at("x") } }),
          loop("i", 2, [serial({ kernel: 2, at: { source: at("x"), target: at("y") } })]),
        ],
        restore: [serial({ kernel: 0, at: { source: at("y"), target: at("x") } })],
      },
    ],
  ),
  "one tap, whole and in strips": program(
    { x: 105, y: 70 },
    [tap],
    [serial({ kernel: 0, at: product }), phase(part(3, { kernel: 0, rows: strips, at: product }))],
  ),
  "loops of no rounds": program(
    { x: 64, y: 64 },
    [gemm(2, 3, 1, 4)],
    [loop("i", 0, [serial({ kernel: 0, at: product })])],
  ),
};

describe("a summary says what runs", () => {
  test.each(Object.entries(programs))("%s", async (_, made) => {
    for (const parts of [1, 4]) {
      const counting = countingProvider(referenceGemm());
      const { run } = await bound(made, counting, { parts });
      run();
      expect(counting.work, `${parts} parts`).toEqual(sortedWork(summariseProgram(made)));
    }
  });

  test("its totals", () => {
    const made = programs["loops around phases of several parts"];
    const { gemms, moves, macs, movedBytes, phases } = summariseProgram(made);
    expect(gemms).toEqual([
      {
        ...{
          m: 2,
          n: 4,
          k: 3,
          kind: "plain",
          layout: "nchw",
          beta: 0,
          packed: false,
          batch: 1,
          finished: false,
          count: 12,
        },
        ...{ taps: 1, stride: 1, run: 4, crossed: false, width: 4, line: 4 },
      },
    ]);
    expect(moves).toEqual([
      { kind: "copy", elements: 5, run: 5, inner: 5, form: "contiguous", count: 12 },
      { kind: "add", elements: 6, run: 6, inner: 6, form: "contiguous", count: 6 },
    ]);
    expect(macs).toBe(12 * 2 * 4 * 3);
    expect(movedBytes).toBe(12 * 5 * 8 + 6 * 6 * 12);
    expect(phases).toBe(6);
  });
});

describe("the work of one call", () => {
  test("a tap counts only what lies inside of the image", () => {
    expect(gemmWork(tap, 0, 5).n).toBe(4 * 5);
    expect(gemmWork(tap, 0, 1).n).toBe(0);
    const outside = { ...tap.b, taps: [{ dy: 9, dx: 0 }] } as GemmDescriptor["b"];
    expect(gemmWork({ ...tap, b: outside }, 0, 5).n).toBe(0);
  });

  test.each([
    [{ dy: 0, dx: 0 }, 2, { y0: 0, y1: 3, x0: 0, x1: 4 }],
    [{ dy: -3, dx: 1 }, 2, { y0: 2, y1: 4, x0: 0, x1: 3 }],
    [{ dy: -20, dx: 0 }, 1, { y0: 9, y1: 9, x0: 0, x1: 7 }],
  ])("the window of tap %o at stride %i", (displacement, stride, window) => {
    const b = { ...tap.b, taps: [displacement], sh: stride, sw: stride } as Extract<typeof tap.b, { kind: "patch" }>;
    expect(validWindow(b, 0, 9, 9)).toEqual(window);
  });

  test("nhwc is where output channels are contiguous, and batch and packing are seen", () => {
    const pixels: GemmDescriptor = { ...gemm(4, 3, 1, 5), c: { m: 1, row: 20, col: 4 } };
    expect(gemmWork(pixels, 0, 1).layout).toBe("nhwc");
    // A single channel says by its pixels where its neighbours lie.
    expect(gemmWork({ ...pixels, m: 1 }, 0, 1).layout).toBe("nhwc");
    expect(gemmWork({ ...pixels, m: 1, c: { m: 1, row: 5, col: 1 } }, 0, 1).layout).toBe("nchw");
    const pack = { kind: "pack", dtype: "float32", batch: [[2, 12]], rows: [[4, 3]], k: [[3, 1]] } as const;
    const packed: GemmDescriptor = { ...pixels, a: { kind: "packed", pack }, batch: { count: 2, a: 1, b: 0, c: 0 } };
    expect(gemmWork(packed, 0, 1)).toMatchObject({ packed: true, batch: 2 });
  });

  test("what of B follows each other: pixels of a line in nchw, channels of a pixel in nhwc", () => {
    const planes: GemmDescriptor = { ...gemm(4, 3, 5, 7), c: { m: 40, row: 8, col: 1 } };
    const pixels: GemmDescriptor = { ...planes, c: { m: 1, row: 28, col: 4 } };
    const taps = Array.from({ length: 9 }, (_, at) => ({ dy: Math.floor(at / 3) - 1, dx: (at % 3) - 1 }));
    const image = { kind: "patch", channels: 3, taps, ih: 5, iw: 7, sh: 1, sw: 1 } as const;
    const inPlanes = { ...image, channel: 35, line: 7, col: 1 };
    const inPixels = { ...image, channel: 1, line: 21, col: 3 };
    expect(gemmWork({ ...planes, k: 27, b: inPlanes }, 0, 5)).toMatchObject({
      run: 7,
      taps: 9,
      width: 7,
      crossed: false,
    });
    expect(gemmWork({ ...pixels, k: 27, b: inPixels }, 0, 5)).toMatchObject({ run: 3, taps: 9, crossed: false });
    expect(gemmWork({ ...planes, k: 27, b: inPixels }, 0, 5)).toMatchObject({ run: 1, crossed: true });
    expect(gemmWork({ ...pixels, k: 27, b: inPlanes }, 0, 5)).toMatchObject({ run: 1, crossed: true });
    expect(gemmWork({ ...planes, k: 27, b: { ...inPlanes, sw: 2 } }, 0, 5)).toMatchObject({ run: 7, stride: 2 });
    // A lone tap reads on from line to line, and a dense C is one row.
    const pointwise = { ...inPlanes, taps: [{ dy: 0, dx: 0 }] };
    const dense = { ...planes, c: { m: 35, row: 7, col: 1 } };
    expect(gemmWork({ ...dense, b: pointwise }, 0, 5)).toMatchObject({ run: 35, taps: 1, width: 35 });
  });

  test("how the innermost axis of a move lies", () => {
    const copy = { kind: "copy", dtype: "float32", extents: [5, 7] } as const;
    const strided = (...strides: number[]) => ({ kind: "strided", strides }) as const;
    const panels = (k: number[], col: number[]) => ({ kind: "panels", depth: 7, k, col }) as const;
    const form = (source: number[], target: CopyDescriptor["target"]) =>
      moveWork({ ...copy, source, target }, 0, 1).form;
    expect(moveWork({ ...copy, source: [9, 1], target: strided(7, 1) }, 0, 1).inner).toBe(7);
    expect(form([9, 1], strided(7, 1))).toBe("contiguous");
    expect(form([18, 2], strided(7, 1))).toBe("spaced");
    expect(form([9, 1], strided(21, 3))).toBe("spaced");
    expect(form([1, 50], strided(7, 1))).toBe("gathered");
    expect(form([9, 1], strided(1, 50))).toBe("scattered");
    expect(form([10, 50], strided(7, 1))).toBe("gathered-far");
    expect(form([9, 1], strided(10, 50))).toBe("scattered-far");
    expect(form([9, 1], panels([1, 0], [0, 1]))).toBe("panels");
    expect(form([18, 2], panels([1, 0], [0, 1]))).toBe("panels-spaced");
    expect(form([9, 1], panels([0, 1], [1, 0]))).toBe("panels-deep");
    const target = [1, 50];
    expect(moveWork({ kind: "fill", dtype: "float32", extents: [5, 7], target, value: 0 }, 0, 1).form).toBe(
      "scattered",
    );
  });

  test("the run of a move is what is contiguous on both sides", () => {
    const plane = { kind: "copy", dtype: "float32", extents: [3, 5, 7] } as const;
    const strided = (strides: number[]) => ({ kind: "strided", strides }) as const;
    expect(moveWork({ ...plane, source: [35, 7, 1], target: strided([35, 7, 1]) }, 0, 1).run).toBe(7);
    expect(moveWork({ ...plane, source: [35, 7, 1], target: strided([1, 21, 3]) }, 0, 1).run).toBe(1);
    expect(moveWork({ ...plane, source: [1, 21, 3], target: strided([1, 21, 3]) }, 0, 1).run).toBe(3);
    expect(moveWork({ ...plane, source: [35, 7, 1], target: strided([35, 7, 1]), rows: 1 }, 0, 2).elements).toBe(42);
  });
});
