import fc from "fast-check";
import { expect, test } from "vitest";
import { describeConv2d } from "../src/describe.ts";
import { tapsOf, tapWindow, validRange } from "../src/taps.ts";

test("taps come row by row, with what dilation and padding shift", () => {
  const p = describeConv2d({
    ...{ inputChannels: 1, outputChannels: 1, input: [7, 11], kernel: [2, 3] },
    ...{ dilations: [3, 2], padding: [1, 0, 2, 5] },
  });
  expect(tapsOf(p)).toEqual([
    { ky: 0, kx: 0, dy: -1, dx: -2 },
    { ky: 0, kx: 1, dy: -1, dx: 0 },
    { ky: 0, kx: 2, dy: -1, dx: 2 },
    { ky: 1, kx: 0, dy: 2, dx: -2 },
    { ky: 1, kx: 1, dy: 2, dx: 0 },
    { ky: 1, kx: 2, dy: 2, dx: 2 },
  ]);
});

test("the valid range is the outputs that read inside the image", () => {
  const [size, shift] = [fc.integer({ min: 1, max: 13 }), fc.integer({ min: -30, max: 30 })];
  fc.assert(
    fc.property(shift, size, size, size, (d, stride, n, outputs) => {
      const inside = Array.from({ length: outputs }, (_, o) => o).filter((o) => {
        const at = o * stride + d;
        return at >= 0 && at < n;
      });
      const [lo, hi] = validRange(d, stride, n, outputs);
      expect(0 <= lo && lo <= hi && hi <= outputs).toBe(true);
      expect(Array.from({ length: hi - lo }, (_, index) => lo + index)).toEqual(inside);
    }),
    { numRuns: 2000 },
  );
});

test("the window of a tap is its two ranges, also with more padding than kernel", () => {
  const p = describeConv2d({
    ...{ inputChannels: 1, outputChannels: 1, input: [5, 7], kernel: [3, 3] },
    ...{ strides: [2, 1], padding: [4, 3, 0, 6] },
  });
  for (const tap of tapsOf(p)) {
    const { y0, y1, x0, x1 } = tapWindow(p, tap);
    for (let oy = 0; oy < p.oh; oy++) {
      for (let ox = 0; ox < p.ow; ox++) {
        const [y, x] = [oy * p.sh + tap.dy, ox * p.sw + tap.dx];
        const inside = y >= 0 && y < p.ih && x >= 0 && x < p.iw;
        expect(oy >= y0 && oy < y1 && ox >= x0 && ox < x1).toBe(inside);
      }
    }
  }
  expect(tapWindow(p, { ky: 0, kx: 0, dy: 5, dx: -99 })).toEqual({ y0: 0, y1: 0, x0: p.ow, x1: p.ow });
});
