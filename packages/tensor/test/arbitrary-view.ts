import type { StridedView } from "@leanconv/tensor";
import fc from "fast-check";
import { counting, guarded, productOf } from "./reference.ts";

export interface ViewPair {
  readonly source: StridedView;
  readonly target: StridedView;
}

/** Strides for a shape: the axes in any order in memory, gaps after each, any of them reversed. */
function stridedOver(shape: readonly number[], fill: (offset: number, length: number) => Float32Array) {
  return fc
    .record({
      order: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
      gaps: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: shape.length, maxLength: shape.length }),
      flips: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      before: fc.integer({ min: 0, max: 5 }),
    })
    .map(({ order, gaps, flips, before }): StridedView => {
      const stride: number[] = shape.map(() => 0);
      let reach = 1;
      let offset = before;
      for (const axis of order) {
        stride[axis] = (reach + gaps[axis]!) * (flips[axis] ? -1 : 1);
        if (flips[axis]) offset += Math.max(0, shape[axis]! - 1) * -stride[axis]!;
        reach = Math.abs(stride[axis]!) * Math.max(1, shape[axis]!);
      }
      return { data: fill(before, reach), shape: [...shape], stride, offset };
    });
}

/** Source and target of one shape over one to six axes, each with strides of its own, in separate memory. */
export const viewPairs: fc.Arbitrary<ViewPair> = fc
  .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 })
  .filter((shape) => productOf(shape) <= 400)
  .chain((shape) =>
    fc.record({
      source: stridedOver(shape, (offset, length) => counting(offset + length + 7)),
      target: stridedOver(shape, guarded),
    }),
  );

/** Planes large enough for tiles and runs, with odd edges. */
export const planePairs: fc.Arbitrary<ViewPair> = fc
  .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 37 }), fc.integer({ min: 1, max: 83 }))
  .chain((shape) =>
    fc.record({
      source: stridedOver(shape, (offset, length) => counting(offset + length + 7)),
      target: stridedOver(shape, guarded),
    }),
  );
