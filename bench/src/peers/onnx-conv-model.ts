import type { Activation } from "@leanconv/gemm";
import type { ConvProblem } from "leanconv";
import type { LayerValues } from "../layer-values.ts";
import { bytes, concatenate, integer, message, text } from "./protobuf.ts";

// Field numbers are those of onnx.proto.

const float = 1;
const ints = 7;

/** A model of one convolution with its activation. Weights and bias are initializers, as exporters write them. */
export function onnxConvModel(p: ConvProblem, values: LayerValues): Uint8Array {
  return onnxModel([
    ...convNodes(p, values, { input: "x", output: "y", prefix: "" }),
    tensorType(11, "x", [p.n, p.ic, p.ih, p.iw]),
    tensorType(12, "y", [p.n, p.oc, p.oh, p.ow]),
  ]);
}

/** A model of a graph's fields. */
export function onnxModel(graph: readonly Uint8Array[]): Uint8Array {
  return concatenate([integer(1, 8), message(7, ...graph, text(2, "layer")), message(8, text(1, ""), integer(2, 13))]);
}

/** What a convolution's tensors are called in its graph. */
export interface Names {
  readonly input: string;
  readonly output: string;
  readonly prefix: string;
}

/** The fields of a graph that make one convolution with its activation. */
export function convNodes(
  p: ConvProblem,
  { filter, bias }: Pick<LayerValues, "filter" | "bias">,
  { input, output, prefix }: Names,
): Uint8Array[] {
  const [w, b, sum] = [`${prefix}w`, `${prefix}b`, `${prefix}sum`];
  const activation = activationNode(p.activation, { input: sum, output, prefix });
  const conv = message(
    1,
    ...[input, w, ...(p.bias ? [b] : [])].map((name) => text(1, name)),
    text(2, activation ? sum : output),
    text(4, "Conv"),
    integerList("kernel_shape", [p.kh, p.kw]),
    integerList("strides", [p.sh, p.sw]),
    integerList("dilations", [p.dh, p.dw]),
    integerList("pads", [p.pt, p.pl, p.pb, p.pr]),
    message(5, text(1, "group"), integer(3, p.groups), integer(20, 2)),
  );
  return [
    ...[conv, ...(activation ? [activation.node] : [])],
    initializer(w, [p.oc, p.ic / p.groups, p.kh, p.kw], filter),
    ...(p.bias ? [initializer(b, [p.oc], bias)] : []),
    ...(activation?.constants ?? []),
  ];
}

function activationNode(activation: Activation | undefined, { input, output, prefix }: Names) {
  if (activation === undefined) return undefined;
  const node = (operator: string, ...inputs: string[]) =>
    message(1, ...[input, ...inputs].map((name) => text(1, name)), text(2, output), text(4, operator));
  if (activation.kind === "relu") return { node: node("Relu"), constants: [] };
  if (activation.kind !== "relu6") throw new Error(`the benchmarks write no ONNX model with ${activation.kind}`);
  const [low, high] = [`${prefix}low`, `${prefix}high`];
  const constants = [initializer(low, [], Float32Array.of(0)), initializer(high, [], Float32Array.of(6))];
  return { node: node("Clip", low, high), constants };
}

export function integerList(name: string, values: readonly number[]): Uint8Array {
  return message(5, text(1, name), ...values.map((value) => integer(8, value)), integer(20, ints));
}

function initializer(name: string, shape: readonly number[], values: Float32Array): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message(5, ...shape.map((size) => integer(1, size)), integer(2, float), text(8, name), bytes(9, raw));
}

export function tensorType(field: number, name: string, shape: readonly number[]): Uint8Array {
  const dimensions = shape.map((size) => message(1, integer(1, size)));
  return message(field, text(1, name), message(2, message(1, integer(1, float), message(2, ...dimensions))));
}
