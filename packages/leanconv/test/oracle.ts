import type { Conv2dCallOptions, DenseTensor, TensorLike } from "../src/index.ts";
import { describeFromShapes, directConv2d, filterView, imageView, logicalShape } from "../src/index.ts";

/** Small integers, whose float32 sums are exact in any order. */
export function integers(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 24) % 9) - 4;
  });
}

export function tensor(shape: readonly number[], seed: number): { data: Float32Array; shape: readonly number[] } {
  return {
    data: integers(
      shape.reduce((product, size) => product * size, 1),
      seed,
    ),
    shape,
  };
}

/** The output as the plain loop nest computes it, in the input's layout. Dense tensors, vectors as arrays. */
export function oracle(input: TensorLike, filter: TensorLike, options: Conv2dCallOptions = {}): Float32Array {
  const { inputLayout = "nchw", filterLayout = "oihw", strides, dilations, padding, groups, activation } = options;
  const bias = options.bias as Float32Array | undefined;
  const slopes = options.slopes as Float32Array | undefined;
  const problem = describeFromShapes(input, filter, {
    ...{ inputLayout, filterLayout, strides, dilations, padding, groups, activation },
    ...(bias && { bias: { shape: [bias.length] } }),
    ...(slopes && { slopes: { shape: [slopes.length] } }),
  });
  const data = new Float32Array(problem.n * problem.oc * problem.oh * problem.ow);
  directConv2d(problem, {
    input: imageView(input.data, logicalShape(input.shape, inputLayout), inputLayout),
    filter: filterView(filter.data, logicalShape(filter.shape, filterLayout), filterLayout),
    output: imageView(data, [problem.n, problem.oc, problem.oh, problem.ow], inputLayout),
    ...{ bias, slopes },
  });
  return data;
}

/** A result without the -0 that the oracle and a GEMM may spell differently. */
export function plain(result: DenseTensor | Float32Array): number[] {
  return Array.from("data" in result ? result.data : result, (value) => value + 0);
}
