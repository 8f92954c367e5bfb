import type { DirectView } from "../src/index.ts";

/** A view with logical axes `shape` (in the order of `logical`) over dense data that lies in the order of `layout`. */
export function dense(
  data: Float32Array | Float64Array,
  shape: readonly number[],
  logical = "nchw",
  layout = logical,
): DirectView {
  const stride: number[] = [];
  let step = 1;
  for (const axis of [...layout].reverse()) {
    stride[logical.indexOf(axis)] = step;
    step *= shape[logical.indexOf(axis)];
  }
  return { data, shape, stride, offset: 0 };
}

export const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Integers in [-4, 4] from a seed: every sum of them is exact. */
export function integers(length: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 16) % 9) - 4;
  });
}
