import type { StridedView } from "@leanconv/tensor";

/** Position in `data` of one index. */
export function positionOf(view: StridedView, index: readonly number[]): number {
  return index.reduce((at, i, axis) => at + i * view.stride[axis]!, view.offset);
}

/** Every index of a shape, last axis fastest. */
export function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (indices, extent) => indices.flatMap((index) => Array.from({ length: extent }, (_, i) => [...index, i])),
    [[]],
  );
}

/** The values of a view in logical order, read index by index. */
export function valuesOf(view: StridedView): number[] {
  return indicesOf(view.shape).map((index) => view.data[positionOf(view, index)]!);
}

/** What the target's whole array must hold after a copy: written index by index, everything else as it was. */
export function expectedData(source: StridedView, target: StridedView): Float32Array {
  const expected = Float32Array.from(target.data);
  for (const index of indicesOf(source.shape)) {
    expected[positionOf(target, index)] = source.data[positionOf(source, index)]!;
  }
  return expected;
}

/** Distinct values, so that a wrong place cannot hold the right value. */
export function counting(length: number, first = 1): Float32Array {
  return Float32Array.from({ length }, (_, i) => first + i);
}

export const guard = -12345;

/** Room for `length` elements from `offset` on, with guard words before, between and behind. */
export function guarded(offset: number, length: number): Float32Array {
  return new Float32Array(offset + length + 7).fill(guard);
}

export function productOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
