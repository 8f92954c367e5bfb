import type { GraphNode, NormNode, PoolNode } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import type { StridedView } from "@leanconv/tensor";

/** Computes a node that no provider has a kernel for. Its tensors are logical `[n, c, h, w]`, all in one layout. */
export type NodeFunction = (inputs: readonly StridedView[], output: StridedView) => void;

/**
 * The caller's function for a node, else the plain loops of this package: pools and local response normalisation, a few
 * hundred million values a second. They allocate nothing.
 * @throws `argument.name` for a custom node without a function
 */
export function nodeFunction(
  node: GraphNode,
  given: Readonly<Record<string, NodeFunction>>,
  where: string,
): NodeFunction {
  if (Object.hasOwn(given, node.name)) return given[node.name];
  switch (node.kind) {
    case "max-pool":
    case "average-pool":
      return ([input], output) => pool(node, input, output);
    case "local-response-norm":
      return ([input], output) => localResponseNorm(node, input, output);
    default:
      throw convError("argument.name", {
        where,
        what: `the ${node.kind} node ${node.name} has no function`,
        fix: `pass functions: { "${node.name}": (inputs, output) => ... }`,
      });
  }
}

function pool(
  { kind, kernel, strides, padding = [0, 0, 0, 0] }: PoolNode,
  input: StridedView,
  output: StridedView,
): void {
  const { data: x, offset: xo, stride: xs } = input;
  const { data: y, offset: yo, stride: ys } = output;
  const [batch, channels, ih, iw] = input.shape;
  const [, , oh, ow] = output.shape;
  const [kh, kw] = kernel;
  const mean = kind === "average-pool";
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < oh; oy++) {
      const top = oy * strides[0] - padding[0];
      const [y0, y1] = [Math.max(0, top), Math.min(ih, top + kh)];
      for (let ox = 0; ox < ow; ox++) {
        const left = ox * strides[1] - padding[2];
        const [x0, x1] = [Math.max(0, left), Math.min(iw, left + kw)];
        const area = (y1 - y0) * (x1 - x0);
        for (let c = 0; c < channels; c++) {
          const from = xo + n * xs[0] + c * xs[1];
          let value = mean ? 0 : Number.NEGATIVE_INFINITY;
          for (let iy = y0; iy < y1; iy++) {
            for (let ix = x0; ix < x1; ix++) {
              const element = x[from + iy * xs[2] + ix * xs[3]];
              value = mean ? value + element : Math.max(value, element);
            }
          }
          y[yo + n * ys[0] + c * ys[1] + oy * ys[2] + ox * ys[3]] = mean ? value / area : value;
        }
      }
    }
  }
}

function localResponseNorm({ size, alpha, beta, bias }: NormNode, input: StridedView, output: StridedView): void {
  const { data: x, offset: xo, stride: xs } = input;
  const { data: y, offset: yo, stride: ys } = output;
  const [batch, channels, height, width] = input.shape;
  const before = Math.floor((size - 1) / 2);
  for (let n = 0; n < batch; n++) {
    for (let h = 0; h < height; h++) {
      for (let w = 0; w < width; w++) {
        const from = xo + n * xs[0] + h * xs[2] + w * xs[3];
        const to = yo + n * ys[0] + h * ys[2] + w * ys[3];
        for (let c = 0; c < channels; c++) {
          const last = Math.min(channels, c - before + size);
          let squares = 0;
          for (let other = Math.max(0, c - before); other < last; other++) squares += x[from + other * xs[1]] ** 2;
          y[to + c * ys[1]] = x[from + c * xs[1]] / (bias + (alpha / size) * squares) ** beta;
        }
      }
    }
  }
}
