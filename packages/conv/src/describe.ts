import { convError, type ErrorCode } from "@leanconv/core";
import { normaliseActivation } from "@leanconv/gemm";
import { type FilterLayout, filterLayouts, type ImageLayout, imageLayouts } from "@leanconv/tensor";
import { type ConvProblem, checkGroups, checkWhole, makeProblem } from "./problem.ts";

/** The name of an activation, or one with its parameters; "none" and absent are the same. */
export type ActivationOption = NonNullable<Parameters<typeof normaliseActivation>[0]>;

/** Two numbers in the order height, width, or one for both. */
export type PairOption = number | readonly [height: number, width: number];

/** WebNN's order, which is not ONNX's (see `onnxPadding`); one number for all sides; or a rule. */
export type PaddingOption =
  | number
  | readonly [top: number, bottom: number, left: number, right: number]
  | "valid"
  | "same-upper"
  | "same-lower";

/** The options that problems and calls with tensors have in common. */
export interface WindowOptions {
  readonly strides?: PairOption | undefined;
  /** 1 means none. */
  readonly dilations?: PairOption | undefined;
  readonly padding?: PaddingOption | undefined;
  readonly groups?: number | undefined;
  readonly activation?: ActivationOption | undefined;
}

export interface Conv2dOptions extends WindowOptions {
  readonly batch?: number | undefined;
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly input: readonly [height: number, width: number];
  readonly kernel: readonly [height: number, width: number];
  readonly bias?: boolean | undefined;
}

const conv2dKeys = "batch inputChannels outputChannels input kernel strides dilations padding groups bias activation";

/**
 * Describes a convolution by its sizes: strides and dilations default to 1, padding to 0, groups and batch to 1, bias to
 * none. Sizes of zero are refused, a batch of zero too. Allocates the problem.
 * @param where stands at the start of every message, for instance `layer conv1`.
 * @throws `argument.shape`, `argument.strides`, `argument.dilations`, `argument.padding`, `argument.groups`,
 * `argument.bias`, `argument.activation`, `argument.kernel-exceeds-input`, `argument.overflow`; `argument.name` for
 * options that do not exist.
 */
export function describeConv2d(options: Conv2dOptions, where = "conv2d"): ConvProblem {
  checkKeys(options, conv2dKeys, where);
  const { batch = 1, inputChannels, outputChannels, groups = 1, bias = false } = options;
  checkWhole(batch, 1, "argument.shape", `${where}: batch`);
  checkWhole(inputChannels, 1, "argument.shape", `${where}: inputChannels`);
  checkWhole(outputChannels, 1, "argument.shape", `${where}: outputChannels`);
  const [ih, iw] = wholes(options.input, 2, 1, "argument.shape", `${where}: input`);
  const [kh, kw] = wholes(options.kernel, 2, 1, "argument.shape", `${where}: kernel`);
  const [sh, sw] = wholes(both(options.strides ?? 1), 2, 1, "argument.strides", `${where}: strides`);
  const [dh, dw] = wholes(both(options.dilations ?? 1), 2, 1, "argument.dilations", `${where}: dilations`);
  const [pt, pb, pl, pr] = resolvePadding(options.padding, [ih, iw], [kh, kw], [sh, sw], [dh, dw], where);
  if (typeof bias !== "boolean") {
    throw convError("argument.bias", { where, what: "bias says whether there is one", got: bias, wanted: "a boolean" });
  }
  const activation = normaliseActivation(options.activation, where);
  return makeProblem(
    {
      ...{
        n: batch,
        ic: inputChannels,
        ih,
        iw,
        oc: outputChannels,
        kh,
        kw,
        sh,
        sw,
        dh,
        dw,
        pt,
        pb,
        pl,
        pr,
        groups,
        bias,
      },
      ...(activation !== undefined && { activation }),
    },
    where,
  );
}

/** What `describeFromShapes` reads of a tensor; `dataType` is WebNN's word for `dtype`. Absent means float32. */
export interface ShapedTensor {
  readonly shape: readonly number[];
  readonly dtype?: string | undefined;
  readonly dataType?: string | undefined;
}

export interface TensorConv2dOptions extends WindowOptions {
  readonly inputLayout?: ImageLayout | undefined;
  readonly filterLayout?: FilterLayout | undefined;
  /** Of shape `[oc]`. */
  readonly bias?: ShapedTensor | undefined;
  /** With `prelu` only: one value, or one per output channel, `[oc]` or with further axes of size 1. */
  readonly slopes?: ShapedTensor | undefined;
}

const tensorKeys = "inputLayout filterLayout strides dilations padding groups bias activation slopes";

/**
 * Describes a convolution by the physical shapes of its tensors. Checks axes, element types (float32 throughout), layouts
 * and that channels, groups, bias and slopes agree, then does what `describeConv2d` does. Allocates the problem.
 * @throws `argument.rank`, `argument.dtype`, `argument.layout`, `argument.slopes` and the codes of `describeConv2d`.
 */
export function describeFromShapes(
  input: ShapedTensor,
  filter: ShapedTensor,
  options: TensorConv2dOptions = {},
  where = "conv2d",
): ConvProblem {
  checkKeys(options, tensorKeys, where);
  const { inputLayout = "nchw", filterLayout = "oihw", bias, slopes, groups = 1, ...window } = options;
  const dtype = dtypeOf(input);
  if (dtype !== "float32") {
    throw convError("argument.dtype", {
      where: `${where}: input`,
      what: "not supported",
      got: dtype,
      wanted: "float32",
    });
  }
  checkLayout(inputLayout, imageLayouts, `${where}: inputLayout`);
  checkLayout(filterLayout, filterLayouts, `${where}: filterLayout`);
  const image = namedSizes(input, inputLayout, dtype, `${where}: input`);
  const weights = namedSizes(filter, filterLayout, dtype, `${where}: filter`);
  checkGroups(image.c, weights.o, groups, weights.i, where);
  const activation = normaliseActivation(options.activation, where);

  const problem = describeConv2d(
    {
      ...{ batch: image.n, inputChannels: image.c, outputChannels: weights.o, groups },
      ...{ input: [image.h, image.w], kernel: [weights.h, weights.w], bias: bias !== undefined },
      ...{ strides: window.strides, dilations: window.dilations, padding: window.padding, activation },
    },
    where,
  );
  if (bias !== undefined) checkBias(bias, problem.oc, dtype, where);
  checkSlopes(slopes, problem, dtype, where);
  return problem;
}

/** Reorders ONNX's `pads` [top, left, bottom, right] into WebNN's order [top, bottom, left, right]. Allocates the list. */
export function onnxPadding(
  pads: readonly [top: number, left: number, bottom: number, right: number],
): [top: number, bottom: number, left: number, right: number] {
  const [top, left, bottom, right] = wholes(pads, 4, 0, "argument.padding", "onnx pads");
  return [top, bottom, left, right];
}

/** @throws `argument.format` for what is not an object, `argument.name` for keys that are not among `names`. */
function checkKeys(options: unknown, names: string, where: string): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw convError("argument.format", { where, what: "options that are not an object", got: options });
  }
  const known = names.split(" ");
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw convError("argument.name", { where, what: "there is no such option", got: key, wanted: known.join(", ") });
  }
}

const both = (value: unknown): unknown => (typeof value === "number" ? [value, value] : value);

/** Checks a list of `length` whole numbers of at least `least`. */
function wholes(list: unknown, length: number, least: number, code: ErrorCode, where: string): number[] {
  if (!Array.isArray(list) || list.length !== length) {
    throw convError(code, { where, what: "a list of the wrong form", got: list, wanted: `${length} integers` });
  }
  for (const value of list) checkWhole(value, least, code, where);
  return list;
}

/** Padding as [top, bottom, left, right]. */
function resolvePadding(
  padding: unknown,
  input: readonly number[],
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  where: string,
): number[] {
  if (padding === undefined || padding === "valid") return [0, 0, 0, 0];
  if (padding === "same-upper" || padding === "same-lower") {
    return [0, 1].flatMap((axis) => {
      const outputs = Math.ceil(input[axis] / strides[axis]);
      const reach = dilations[axis] * (kernel[axis] - 1) + 1;
      const total = Math.max(0, (outputs - 1) * strides[axis] + reach - input[axis]);
      const less = Math.floor(total / 2);
      return padding === "same-upper" ? [less, total - less] : [total - less, less];
    });
  }
  const list = typeof padding === "number" ? [padding, padding, padding, padding] : padding;
  if (typeof list === "string") {
    const wanted = `"valid", "same-upper", "same-lower", a number or [top, bottom, left, right]`;
    throw convError("argument.padding", { where, what: "an unknown padding rule", got: list, wanted });
  }
  return wholes(list, 4, 0, "argument.padding", `${where}: padding`);
}

const dtypeOf = (tensor: ShapedTensor): string => tensor.dtype ?? tensor.dataType ?? "float32";

function checkLayout(layout: unknown, known: readonly string[], where: string): void {
  if (known.includes(layout as string)) return;
  throw convError("argument.layout", { where, what: "an unknown layout", got: layout, wanted: known.join(", ") });
}

/** The shape as a list, with the element type checked. */
function shapeOf(tensor: ShapedTensor, dtype: string, where: string): readonly number[] {
  if (!Array.isArray(tensor?.shape)) {
    throw convError("argument.shape", { where, what: "a tensor without a shape", wanted: "shape: [sizes]" });
  }
  if (dtypeOf(tensor) !== dtype) {
    const wanted = `${dtype}, as the input`;
    throw convError("argument.dtype", { where, what: "another element type", got: dtypeOf(tensor), wanted });
  }
  return tensor.shape;
}

/** The four sizes of a tensor under the letters of its layout. */
function namedSizes(tensor: ShapedTensor, layout: string, dtype: string, where: string): Record<string, number> {
  const shape = shapeOf(tensor, dtype, where);
  if (shape.length !== 4) {
    throw convError("argument.rank", {
      where,
      what: "a shape of the wrong number of axes",
      got: shape,
      wanted: `four axes, ${layout}`,
      fix: "give missing axes the size 1",
    });
  }
  return Object.fromEntries(
    [...layout].map((letter, axis) => {
      checkWhole(shape[axis], 1, "argument.shape", `${where}: axis ${letter} of [${shape.join(", ")}] (${layout})`);
      return [letter, shape[axis]];
    }),
  );
}

function checkBias(bias: ShapedTensor, oc: number, dtype: string, where: string): void {
  const shape = shapeOf(bias, dtype, `${where}: bias`);
  if (shape.length === 1 && shape[0] === oc) return;
  throw convError("argument.bias", { where: `${where}: bias`, what: "a wrong shape", got: shape, wanted: [oc] });
}

function checkSlopes(slopes: ShapedTensor | undefined, problem: ConvProblem, dtype: string, where: string): void {
  const wanted = problem.activation?.kind === "prelu";
  if (slopes === undefined && !wanted) return;
  if (slopes === undefined || !wanted) {
    const what = wanted ? "prelu needs slopes" : "slopes belong to the activation prelu, which is not asked for";
    throw convError("argument.slopes", { where, what });
  }
  const shape = shapeOf(slopes, dtype, `${where}: slopes`);
  const long = shape.filter((size) => size !== 1);
  if (shape.length > 0 && (long.length === 0 || (long.length === 1 && long[0] === problem.oc))) return;
  throw convError("argument.slopes", {
    where: `${where}: slopes`,
    what: "a wrong shape",
    got: shape,
    wanted: `[1] or [${problem.oc}]`,
  });
}
