import fc from "fast-check";
import { expect, test } from "vitest";
import { type Curve, type Grid, onCurve, onGrid } from "../../src/cost/interpolate.ts";

const axis = fc
  .uniqueArray(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 5 })
  .map((points) => points.sort((a, b) => a - b));
const size = fc.double({ min: 0.5, max: 8192, noNaN: true });
const value = fc.double({ min: 1e-3, max: 1e3, noNaN: true });

const grids: fc.Arbitrary<Grid> = fc
  .tuple(axis, axis, axis)
  .chain(([m, n, k]) =>
    fc
      .array(value, { minLength: m.length * n.length * k.length, maxLength: m.length * n.length * k.length })
      .map((values) => ({ m, n, k, values })),
  );

const curves: fc.Arbitrary<Curve> = axis.chain((at) =>
  fc.array(value, { minLength: at.length, maxLength: at.length }).map((values) => ({ at, values })),
);

test("a grid goes through its points", () => {
  fc.assert(
    fc.property(grids, (grid) => {
      let index = 0;
      for (const m of grid.m)
        for (const n of grid.n)
          for (const k of grid.k) expect(onGrid(grid, m, n, k) / grid.values[index++]).toBeCloseTo(1, 9);
    }),
  );
});

test("between the points of a grid, and outside, no value is beyond its own", () => {
  fc.assert(
    fc.property(grids, size, size, size, (grid, m, n, k) => {
      const got = onGrid(grid, m, n, k);
      expect(got).toBeGreaterThanOrEqual(Math.min(...grid.values) * (1 - 1e-9));
      expect(got).toBeLessThanOrEqual(Math.max(...grid.values) * (1 + 1e-9));
    }),
  );
});

test("products of powers are interpolated exactly inside of the grid", () => {
  const power = fc.double({ min: -2, max: 2, noNaN: true });
  fc.assert(
    fc.property(power, power, power, fc.double({ min: 2, max: 64, noNaN: true }), (a, b, c, at) => {
      const points = [2, 8, 64];
      const law = (m: number, n: number, k: number): number => m ** a * n ** b * k ** c;
      const values = points.flatMap((m) => points.flatMap((n) => points.map((k) => law(m, n, k))));
      const grid = { m: points, n: points, k: points, values };
      expect(onGrid(grid, at, 66 - at, at) / law(at, 66 - at, at)).toBeCloseTo(1, 9);
    }),
  );
});

test("a curve goes through its points, stays between its neighbours, and ends level", () => {
  fc.assert(
    fc.property(curves, size, (curve, at) => {
      curve.at.forEach((point, i) => {
        expect(onCurve(curve, point)).toBeCloseTo(curve.values[i], 9);
      });
      expect(onCurve(curve, curve.at[0] / 2)).toBe(curve.values[0]);
      expect(onCurve(curve, 2 * curve.at[curve.at.length - 1])).toBe(curve.values[curve.values.length - 1]);
      const above = curve.at.findIndex((point) => point > at);
      if (above <= 0) return;
      const [low, high] = [curve.values[above - 1], curve.values[above]].sort((a, b) => a - b);
      expect(onCurve(curve, at)).toBeGreaterThanOrEqual(low * (1 - 1e-9));
      expect(onCurve(curve, at)).toBeLessThanOrEqual(high * (1 + 1e-9));
    }),
  );
});
