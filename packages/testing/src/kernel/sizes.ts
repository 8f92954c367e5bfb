import type { Capabilities } from "@leanconv/gemm";
import fc from "fast-check";

/** m, n on two levels, and k. */
export interface GemmSizes {
  readonly m: number;
  readonly rows: number;
  readonly cols: number;
  readonly k: number;
}

/** One below, at and one above a multiple of `block`: where tiles, tails and blocks meet. */
function near(block: number, multiples: number): fc.Arbitrary<number> {
  return fc
    .tuple(fc.integer({ min: 1, max: multiples }), fc.integer({ min: -1, max: 1 }))
    .map(([times, off]) => Math.max(0, block * times + off));
}

const few = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
const cacheBlock = (blocks: readonly number[]): fc.Arbitrary<number> =>
  fc.constantFrom(...blocks).chain((b) => near(b, 1));

/** Sizes around the provider's tile and around usual cache blocks, one of them large at a time; zeros included. */
export function gemmSizes({ mr, nr, panelWidth }: Capabilities): fc.Arbitrary<GemmSizes> {
  const oneRow = fc.constant(1);
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ m: few(6), rows: few(4), cols: few(6), k: few(7) }) },
    { weight: 4, arbitrary: fc.record({ m: near(mr, 2), rows: few(3), cols: near(nr, 2), k: few(12) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        m: near(mr, 2),
        rows: fc.integer({ min: 1, max: 5 }),
        cols: near(panelWidth, 3),
        k: few(9),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        m: near(mr, 1),
        rows: oneRow,
        cols: near(nr, 1),
        k: cacheBlock([64, 128, 192, 256, 384, 512]),
      }),
    },
    { weight: 1, arbitrary: fc.record({ m: few(5), rows: oneRow, cols: cacheBlock([64, 128, 256, 512]), k: few(5) }) },
    {
      weight: 1,
      arbitrary: fc.record({ m: few(5), rows: fc.integer({ min: 20, max: 40 }), cols: few(17), k: few(5) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ m: cacheBlock([32, 64, 96, 128, 256]), rows: few(2), cols: near(nr, 1), k: few(5) }),
    },
  );
}
