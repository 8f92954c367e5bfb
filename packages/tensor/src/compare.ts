import { forEachPlane, loopNest } from "./loop-nest.ts";
import { assertSameShape } from "./reorder.ts";
import { assertView, type StridedView, sizeOf } from "./view.ts";

/**
 * The largest |a - b| over all logical indices, 0 for empty views; strides and layouts may differ. Equal infinities
 * differ by 0. A NaN in either view gives NaN, so that a check `difference <= tolerance` fails on it. Allocates a few
 * small objects.
 * @throws `argument.shape` if the shapes differ; the codes of `assertView`
 */
export function maxAbsoluteDifference(a: StridedView, b: StridedView): number {
  assertView(a, "maxAbsoluteDifference, a");
  assertView(b, "maxAbsoluteDifference, b");
  assertSameShape(a, b, "maxAbsoluteDifference");
  if (sizeOf(a) === 0) return 0;
  const nest = loopNest(a.shape, a.stride, b.stride, a.offset, b.offset);
  const { rows, cols } = nest;
  let largest = 0;
  forEachPlane(nest, (aStart, bStart) => {
    for (let row = 0; row < rows.extent; row++) {
      let atA = aStart + row * rows.source;
      let atB = bStart + row * rows.target;
      for (let col = 0; col < cols.extent; col++) {
        const x = a.data[atA];
        const y = b.data[atB];
        // Not `difference > largest`: that is false for NaN. And once NaN, it stays.
        if (x !== y && !(Math.abs(x - y) <= largest)) largest = Number.isNaN(largest) ? largest : Math.abs(x - y);
        atA += cols.source;
        atB += cols.target;
      }
    }
  });
  return largest;
}
