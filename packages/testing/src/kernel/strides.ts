import { integerIn, type Random, shuffled } from "../random.ts";

/** Strides of a dense tensor whose axes lie in `order`, outermost first. */
export function denseStrides(extents: readonly number[], order: readonly number[]): number[] {
  const strides = new Array<number>(extents.length).fill(0);
  let step = 1;
  for (const axis of [...order].reverse()) {
    strides[axis] = step;
    step *= Math.max(1, extents[axis]);
  }
  return strides;
}

/** Strides in any order of the axes, with gaps between elements and some axes reversed. No two elements share a place. */
export function gappedStrides(random: Random, extents: readonly number[]): number[] {
  const strides = new Array<number>(extents.length).fill(0);
  let step = 1 + integerIn(random, 0, 1);
  for (const axis of shuffled(random, [...extents.keys()])) {
    strides[axis] = random() < 0.25 ? -step : step;
    step = step * Math.max(1, extents[axis]) + integerIn(random, 0, 2);
  }
  return strides;
}

/** Strides for operands that are only read: zero (broadcast), negative and overlapping ones. */
export function wildStrides(random: Random, extents: readonly number[]): number[] {
  return extents.map(() => integerIn(random, -4, 5));
}

/** Calls `visit` with every index of an n-d block, last axis fastest. The array is reused. */
export function forEachIndex(extents: readonly number[], visit: (index: readonly number[]) => void): void {
  const index = new Array<number>(extents.length).fill(0);
  if (extents.some((extent) => extent <= 0)) return;
  for (;;) {
    visit(index);
    let axis = extents.length - 1;
    while (axis >= 0 && ++index[axis] === extents[axis]) index[axis--] = 0;
    if (axis < 0) return;
  }
}

/** at + sum of strides[i] * index[i]. */
export function offsetOf(strides: readonly number[], index: readonly number[]): number {
  let offset = 0;
  for (let i = 0; i < index.length; i++) offset += strides[i] * index[i];
  return offset;
}

/** The offsets of all elements of a block. */
export function blockOffsets(extents: readonly number[], strides: readonly number[]): number[] {
  const offsets: number[] = [];
  forEachIndex(extents, (index) => offsets.push(offsetOf(strides, index)));
  return offsets;
}
