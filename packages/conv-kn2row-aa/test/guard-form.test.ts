import { type ConvProblem, describeConv2d, tapsOf } from "@leanconv/conv";
import { directConv2d } from "@leanconv/conv-direct";
import { naiveGemm } from "@leanconv/gemm";
import fc from "fast-check";
import { expect, test } from "vitest";

/**
 * The form the papers describe, kept as a test of the idea (docs/decisions/0004): every tap is one product over the
 * whole image, added at its linear displacement. Input columns and rows that a tap never uses legitimately are punched
 * meanwhile, so what spills into a neighbouring row or plane is zero; what spills out of the output lands in a guard of
 * dh (kh - 1) W + dw (kw - 1) elements, the papers' O(KW). Needs stride 1 and an output of the input's size.
 */
function guardedKn2row(
  p: ConvProblem,
  input: Float32Array,
  filter: Float32Array,
): { output: Float32Array; guard: number } {
  const pixels = p.ih * p.iw;
  const before = (p.dh * (p.kh - 1) - p.pt) * p.iw + (p.dw * (p.kw - 1) - p.pl);
  const after = p.pt * p.iw + p.pl;
  const taps = tapsOf(p);
  // One memory: holed input, guarded output, one tap's weights.
  const x = 0;
  const y = input.length + Math.max(0, before);
  const w = y + p.oc * pixels + Math.max(0, after);
  const memory = new Float32Array(w + p.oc * p.ic);
  for (const { ky, kx, dy, dx } of taps) {
    for (let c = 0; c < p.ic; c++) {
      for (let iy = 0; iy < p.ih; iy++) {
        for (let ix = 0; ix < p.iw; ix++) {
          const [oy, ox] = [iy - dy, ix - dx];
          const used = oy >= 0 && oy < p.ih && ox >= 0 && ox < p.iw;
          memory[x + c * pixels + iy * p.iw + ix] = used ? input[c * pixels + iy * p.iw + ix] : 0;
        }
      }
    }
    for (let o = 0; o < p.oc; o++) {
      for (let c = 0; c < p.ic; c++) memory[w + o * p.ic + c] = filter[((o * p.ic + c) * p.kh + ky) * p.kw + kx];
    }
    naiveGemm(memory, {
      ...{ m: p.oc, n: pixels, k: p.ic, beta: 1 },
      ...{ a: w, aRow: p.ic, aCol: 1, b: x, bRow: pixels, bCol: 1 },
      ...{ c: y - (dy * p.iw + dx), cRow: pixels, cCol: 1 },
    });
  }
  return { output: memory.slice(y, y + p.oc * pixels), guard: before + after };
}

const sameSize = fc
  .record({
    ic: fc.integer({ min: 1, max: 3 }),
    oc: fc.integer({ min: 1, max: 3 }),
    size: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
    kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    top: fc.nat(),
    left: fc.nat(),
  })
  .map(({ ic, oc, size, kernel, dilations, top, left }) => {
    const [h, w] = [dilations[0] * (kernel[0] - 1), dilations[1] * (kernel[1] - 1)];
    const [pt, pl] = [top % (h + 1), left % (w + 1)];
    return describeConv2d({
      ...{ inputChannels: ic, outputChannels: oc, input: size, kernel, dilations },
      padding: [pt, h - pt, pl, w - pl],
    });
  });

test("whole-image products with holes and a guard equal the oracle", () => {
  fc.assert(
    fc.property(sameSize, fc.infiniteStream(fc.integer({ min: -4, max: 4 })), (p, values) => {
      const take = (length: number): Float32Array => Float32Array.from({ length }, () => values.next().value as number);
      const input = take(p.ic * p.ih * p.iw);
      const filter = take(p.oc * p.ic * p.kh * p.kw);
      const want = new Float32Array(p.oc * p.oh * p.ow);
      const dense = (c: number, h: number, w: number): number[] => [c * h * w, h * w, w, 1];
      directConv2d(p, {
        input: { data: input, shape: [1, p.ic, p.ih, p.iw], stride: dense(p.ic, p.ih, p.iw), offset: 0 },
        filter: { data: filter, shape: [p.oc, p.ic, p.kh, p.kw], stride: dense(p.ic, p.kh, p.kw), offset: 0 },
        output: { data: want, shape: [1, p.oc, p.oh, p.ow], stride: dense(p.oc, p.oh, p.ow), offset: 0 },
      });
      const { output, guard } = guardedKn2row(p, input, filter);
      // Adding 0 makes -0 and 0 alike.
      expect(output.map((value) => value + 0)).toEqual(want.map((value) => value + 0));
      expect(guard).toBe(p.dh * (p.kh - 1) * p.iw + p.dw * (p.kw - 1));
    }),
  );
});

test("the guard's size is the papers' KW", () => {
  const guard = (k: number, w: number): number => (k - 1) * (w + 1);
  expect([guard(5, 27), guard(3, 13), guard(3, 224), guard(3, 56), guard(3, 14), guard(5, 28)]).toEqual([
    112, 28, 450, 114, 30, 116,
  ]);
});
