import type { ConvProblem } from "leanconv";
import type { LayerValues } from "../layer-values.ts";
import { convNodes, integerList, onnxModel, tensorType } from "./onnx-conv-model.ts";
import { message, text } from "./protobuf.ts";

export interface ChainLayer {
  readonly problem: ConvProblem;
  readonly values: Pick<LayerValues, "filter" | "bias">;
}

/**
 * A model of convolutions one after the other, so that a library may keep its own layout between them. Where the next
 * image is smaller, a max pool of the ratio lies between: it is there for the shapes.
 */
export function onnxChainModel(layers: readonly ChainLayer[]): Uint8Array {
  let input = "x";
  const fields = layers.flatMap(({ problem, values }, index): Uint8Array[] => {
    const next = layers[index + 1]?.problem;
    const output = next === undefined ? "y" : `image${index}`;
    const nodes = convNodes(problem, values, { input, output, prefix: `layer${index}.` });
    input = output;
    if (next === undefined || (next.ih === problem.oh && next.iw === problem.ow)) return nodes;
    const stride = [Math.round(problem.oh / next.ih), Math.round(problem.ow / next.iw)];
    input = `pooled${index}`;
    const pool = [text(1, output), text(2, input), text(4, "MaxPool")];
    return [...nodes, message(1, ...pool, integerList("kernel_shape", stride), integerList("strides", stride))];
  });
  const [first, last] = [layers[0].problem, layers[layers.length - 1].problem];
  return onnxModel([
    ...fields,
    tensorType(11, "x", [first.n, first.ic, first.ih, first.iw]),
    tensorType(12, "y", [last.n, last.oc, last.oh, last.ow]),
  ]);
}
