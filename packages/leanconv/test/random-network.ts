import { type ConvNode, computeNode } from "@leanconv/conv";
import {
  type ConvConstants,
  describeConv2d,
  directConv2d,
  filterView,
  type GraphNode,
  imageView,
  type NetworkGraph,
  type StridedView,
} from "../src/index.ts";
import { integers } from "./oracle.ts";

type Shape = readonly [number, number, number, number];

/** Bounded, so that sums of integers stay exact however deep a network is. */
const bounded = { kind: "clip", min: -4, max: 4 } as const;

/**
 * A small network from a seed: convolutions of several kernels, strides, dilations and groups, pools, sums, concatenations and
 * activations, each of which reads one or two of the tensors before it.
 */
export function randomNetwork(seed: number): NetworkGraph {
  let state = Math.imul(seed, 2654435761) >>> 0;
  const below = (count: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const nodes: GraphNode[] = [];
  const shapes: Shape[] = [];
  const put = (node: GraphNode, shape: Shape): void => {
    nodes.push(node);
    shapes.push(shape);
  };
  const data: Shape = [1, 1 + below(6), 5 + below(8), 5 + below(8)];
  put({ kind: "input", name: "data", shape: data }, data);
  const length = 3 + below(6);
  for (let at = 1; at <= length; at++) {
    const name = `n${at}`;
    const from = Math.max(0, at - 1 - below(3));
    const inputs = [nodes[from].name] as const;
    const [n, c, h, w] = shapes[from];
    const kind = below(10);
    const alike = nodes.flatMap((node, i) => {
      const [, channels, height, width] = shapes[i];
      return height === h && width === w ? [{ node, c: channels }] : [];
    });
    const other = alike[below(alike.length)];
    if (kind < 5) {
      const side = Math.min(h, w) >= 3 ? 1 + 2 * below(2) : 1;
      const dilations = Math.min(h, w) >= 5 ? 1 + below(2) : 1;
      const groups = below(4) === 0 ? c : 1;
      const oc = groups > 1 ? c * (1 + below(2)) : 1 + below(9);
      const problem = describeConv2d({
        ...{ inputChannels: c, outputChannels: oc, groups, input: [h, w], kernel: [side, side] },
        ...{ strides: below(4) === 0 ? 2 : 1, dilations, padding: (dilations * (side - 1)) / 2 },
        ...{ bias: below(2) === 0, activation: bounded },
      });
      put({ kind: "conv", name, inputs, problem }, [n, oc, problem.oh, problem.ow]);
    } else if (kind === 5 && Math.min(h, w) >= 3) {
      const shape: Shape = [n, c, Math.floor((h - 2) / 2) + 1, Math.floor((w - 2) / 2) + 1];
      const pool = below(2) === 0 ? "max-pool" : "average-pool";
      put({ kind: pool, name, inputs, kernel: [2, 2], strides: [2, 2] }, shape);
    } else if (kind <= 7) {
      const both = other.c === c ? [nodes[from].name, other.node.name] : inputs;
      put({ kind: "add", name, inputs: both, activation: bounded }, [n, c, h, w]);
    } else if (kind === 8) {
      put({ kind: "concat", name, inputs: [nodes[from].name, other.node.name] }, [n, c + other.c, h, w]);
    } else {
      put({ kind: "activation", name, inputs, activation: { kind: "relu" } }, [n, c, h, w]);
    }
  }
  return { nodes };
}

/** Integers, the same for equal names. */
export function constantsOf({ name, problem }: ConvNode): ConvConstants {
  const { oc, ic, groups, kh, kw, bias } = problem;
  const seed = Number(name.slice(1));
  const shape: Shape = [oc, ic / groups, kh, kw];
  const filter = filterView(integers(oc * shape[1] * kh * kw, 100 + seed), shape);
  return { filter, ...(bias && { bias: integers(oc, 200 + seed) }) };
}

/** Every tensor by its definition, dense nchw, from that of the input. */
export function tensorsOf({ nodes }: NetworkGraph, data: StridedView): ReadonlyMap<string, StridedView> {
  const tensors = new Map<string, StridedView>();
  const of = (name: string): StridedView => tensors.get(name) as StridedView;
  const dense = (shape: readonly number[], values?: Float32Array): StridedView =>
    imageView(values ?? new Float32Array(shape.reduce((a, b) => a * b)), shape);
  for (const node of nodes) tensors.set(node.name, compute(node));
  return tensors;

  function compute(node: GraphNode): StridedView {
    switch (node.kind) {
      case "input":
        return data;
      case "conv": {
        const { n, oc, oh, ow } = node.problem;
        const output = dense([n, oc, oh, ow]);
        directConv2d(node.problem, { ...constantsOf(node), input: of(node.inputs[0]), output });
        return output;
      }
      case "max-pool":
      case "average-pool": {
        const [n, c, h, w] = of(node.inputs[0]).shape;
        const output = dense([n, c, Math.floor((h - 2) / 2) + 1, Math.floor((w - 2) / 2) + 1]);
        computeNode(node, of(node.inputs[0]), output);
        return output;
      }
      case "add": {
        const read = node.inputs.map(of);
        const sum = (i: number): number => read.reduce((total, view) => total + view.data[i], 0);
        return dense(
          read[0].shape,
          read[0].data.map((_, i) => Math.min(4, Math.max(-4, sum(i)))),
        );
      }
      case "concat": {
        const read = node.inputs.map(of);
        const [n, , h, w] = read[0].shape;
        const channels = read.reduce((total, { shape }) => total + shape[1], 0);
        return dense([n, channels, h, w], Float32Array.from(read.flatMap(({ data }) => Array.from(data))));
      }
      case "activation":
        return dense(
          of(node.inputs[0]).shape,
          of(node.inputs[0]).data.map((value) => Math.max(0, value)),
        );
      default:
        throw new Error(`no ${node.kind} here`);
    }
  }
}
