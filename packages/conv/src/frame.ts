import { convError, type Refusal, type Slot } from "@leanconv/core";
import {
  type Activation,
  type Address,
  type GemmProvider,
  KernelList,
  type Node,
  type Operand,
  type PackDescriptor,
  type PackedA,
  type Step,
  type TargetC,
} from "@leanconv/gemm";
import { type ImageStrides, imageStrides } from "@leanconv/tensor";
import type { ConvAlgorithm, ConvProgram, Variant, Views } from "./algorithm.ts";
import type { ConvProblem } from "./problem.ts";
import { strideExtent } from "./strides.ts";
import { packDescriptor, type WeightOrder } from "./weights.ts";

/** What every algorithm's program starts from: the problem's numbers, the tensors' strides, the packed weights. */
export interface Frame {
  readonly p: ConvProblem;
  readonly variant: Variant;
  readonly provider: GemmProvider;
  /** Strides of the input and the output. */
  readonly x: ImageStrides;
  readonly y: ImageStrides;
  /** Channels of one group: input and output. */
  readonly icg: number;
  readonly ocg: number;
  readonly weights: WeightOrder;
  readonly a: PackedA;
  readonly kernels: KernelList;
}

/** Starts a program. @throws the code of a refused or unknown variant. */
export function startProgram(
  algorithm: ConvAlgorithm,
  p: ConvProblem,
  variant: Variant,
  provider: GemmProvider,
  views: Views | undefined,
  weights: WeightOrder,
  refusal: Refusal | undefined,
): Frame {
  if (refusal) throw convError(refusal.code, { where: `${algorithm.name} ${variant.form}`, what: refusal.reason });
  const pack: PackDescriptor = packDescriptor(p, weights, variant.outputLayout);
  return {
    p,
    variant,
    provider,
    x: views?.input ?? imageStrides([p.n, p.ic, p.ih, p.iw], variant.inputLayout),
    y: views?.output ?? imageStrides([p.n, p.oc, p.oh, p.ow], variant.outputLayout),
    icg: p.ic / p.groups,
    ocg: p.oc / p.groups,
    weights,
    a: { kind: "packed", pack },
    kernels: new KernelList(),
  };
}

/** The finished program: operands and extents follow from the frame. */
export function finishProgram(
  algorithm: ConvAlgorithm,
  frame: Frame,
  slots: readonly Slot[],
  body: readonly Node[],
  exclusiveInput = false,
): ConvProgram {
  const { p, variant, provider, x, y, a, weights } = frame;
  const operands: Operand[] = [
    { name: "input", access: exclusiveInput ? "exclusive" : "read", extent: strideExtent(x, p.n, p.ic, p.ih, p.iw) },
    { name: "output", access: "write", extent: strideExtent(y, p.n, p.oc, p.oh, p.ow) },
    { name: "weights", access: "read", pack: a.pack },
    { name: "bias", access: "read", extent: [0, p.bias ? p.oc : 0] },
    { name: "slopes", access: "read", extent: [0, p.activation?.kind === "prelu" ? p.oc : 0] },
  ];
  return {
    ...{ algorithm: algorithm.name, problem: p, variant, provider: provider.identity, views: { input: x, output: y } },
    ...{ weights, operands, slots, kernels: frame.kernels.kernels, body },
  };
}

/** @throws `argument.name` for a form the algorithm does not have. */
export function unknownForm(algorithm: ConvAlgorithm, variant: Variant): never {
  throw convError("argument.name", { where: algorithm.name, what: "no such form", got: variant.form });
}

/** C of a GEMM that writes output pixels. */
export function outputTarget({ y }: Frame): TargetC {
  return { m: y.c, row: y.h, col: y.w };
}

/** The fields of a GEMM that begin and finish an output: bias with the first product, activation with the last. */
export function epilogue(
  p: ConvProblem,
  { first, last }: { readonly first: boolean; readonly last: boolean },
): { readonly beta: 0 | 1; readonly bias?: true; readonly activation?: Activation } {
  return {
    beta: first ? 0 : 1,
    ...(first && p.bias && { bias: true as const }),
    ...(last && p.activation && { activation: p.activation }),
  };
}

/** Where bias and slopes of the channels from `at` on lie; `by` moves with the same counters as the channels do. */
export function channelVectors(
  p: ConvProblem,
  at: number,
  by: Readonly<Record<string, number>> = {},
): { readonly bias?: Address; readonly slopes?: Address } {
  return {
    ...(p.bias && { bias: { of: "bias", at, by } }),
    ...(p.activation?.kind === "prelu" && { slopes: { of: "slopes", at, by } }),
  };
}

/** The output's axes for a mover, the contiguous one innermost, and the stride of a per-channel vector along them. */
function outputAxes(
  { p, y, variant }: Frame,
  channels: number,
): {
  readonly extents: readonly number[];
  readonly target: readonly number[];
  readonly rows: number;
  readonly channel: readonly number[];
} {
  return variant.outputLayout === "nchw"
    ? { extents: [channels, p.oh, p.ow], target: [y.c, y.h, y.w], rows: 1, channel: [1, 0, 0] }
    : { extents: [p.oh, p.ow, channels], target: [y.h, y.w, y.c], rows: 0, channel: [0, 0, 1] };
}

/** Bias into every output element of `channels` output channels: how accumulating programs start. */
export function fillBias(frame: Frame, channels: number, output: Address, channelBy: Record<string, number>): Step {
  const { p, kernels } = frame;
  const { channel, ...axes } = outputAxes(frame, channels);
  const kernel = kernels.kernel({ kind: "fill", dtype: "float32", ...axes, value: p.bias ? { values: channel } : 0 });
  return { kernel, at: { target: output, ...(p.bias && { values: { of: "bias", at: 0, by: channelBy } }) } };
}

/** The activation over all output elements of `channels` output channels; undefined without one. */
export function activateOutput(
  frame: Frame,
  channels: number,
  output: Address,
  channelBy: Record<string, number>,
): Step | undefined {
  const { p, kernels } = frame;
  if (!p.activation) return undefined;
  const isPrelu = p.activation.kind === "prelu";
  const { channel, ...axes } = outputAxes(frame, channels);
  const kernel = kernels.kernel({
    ...{ kind: "activate", dtype: "float32", activation: p.activation, ...axes },
    ...(isPrelu && { slopes: channel }),
  });
  return { kernel, at: { target: output, ...(isPrelu && { slopes: { of: "slopes", at: 0, by: channelBy } }) } };
}
