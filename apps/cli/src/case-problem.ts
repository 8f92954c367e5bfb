import {
  type ActivationOption,
  type ConvProblem,
  describeFromShapes,
  filterView,
  imageView,
  logicalShape,
  type StridedView,
} from "leanconv";
import type { NumericActivation, NumericCase } from "./numeric-case.ts";

/** A numeric case as a problem and views of its tensors. */
export interface CaseTensors {
  readonly problem: ConvProblem;
  readonly input: StridedView;
  readonly filter: StridedView;
  readonly bias?: Float32Array;
  readonly slopes?: Float32Array;
  readonly expected: StridedView;
}

/** @throws the codes of `describeFromShapes`; `argument.shape` where the expected output has another shape or size */
export function caseTensors({ name, input, filter, bias, options, expected }: NumericCase): CaseTensors {
  const { inputLayout, filterLayout, strides, dilations, padding, groups, activation } = options;
  const slopes = activation?.name === "prelu" ? [activation.alpha].flat() : undefined;
  const problem = describeFromShapes(
    { shape: input.shape },
    { shape: filter.shape },
    {
      ...{ inputLayout, filterLayout, strides, dilations, padding, groups },
      ...(bias && { bias: { shape: bias.shape } }),
      ...(activation && { activation: activationOption(activation) }),
      ...(slopes && { slopes: { shape: [slopes.length] } }),
    },
    `case "${name}"`,
  );
  const floats = (values: readonly number[]): Float32Array => Float32Array.from(values);
  return {
    problem,
    input: imageView(floats(input.data), logicalShape(input.shape, inputLayout), inputLayout),
    filter: filterView(floats(filter.data), logicalShape(filter.shape, filterLayout), filterLayout),
    ...(bias && { bias: floats(bias.data) }),
    ...(slopes && { slopes: floats(slopes) }),
    expected: imageView(floats(expected.data), logicalShape(expected.shape, inputLayout), inputLayout),
  };
}

/** From the names of other projects to ours. */
function activationOption(activation: NumericActivation): ActivationOption {
  const { name, ...given } = activation;
  const parameters = name === "prelu" ? {} : given;
  switch (name) {
    case "leakyrelu":
      return { kind: "leaky-relu", ...parameters };
    case "hardsigmoid":
      return { kind: "hard-sigmoid", ...parameters };
    case "clamp":
      return { kind: "clip", ...parameters };
    case "hardswish":
      return { kind: "hard-swish" };
    default:
      return { kind: name, ...parameters };
  }
}
