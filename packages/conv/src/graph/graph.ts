import type { Activation } from "@leanconv/gemm";
import type { ConvProblem } from "../problem.ts";

/** Logical [n, c, h, w]. */
export type ImageShape = readonly [n: number, c: number, h: number, w: number];

interface NamedNode {
  /** Of the node and of the tensor it makes; told apart in a graph. */
  readonly name: string;
}

/** A tensor from outside. It is filled when its turn comes, so that inputs that are needed late take no room early. */
export interface InputNode extends NamedNode {
  readonly kind: "input";
  readonly shape: ImageShape;
}

export interface ConvNode extends NamedNode {
  readonly kind: "conv";
  readonly inputs: readonly [string];
  readonly problem: ConvProblem;
}

/** The largest, or the mean, of a window. Padding counts for neither. */
export interface PoolNode extends NamedNode {
  readonly kind: "max-pool" | "average-pool";
  readonly inputs: readonly [string];
  readonly kernel: readonly [h: number, w: number];
  readonly strides: readonly [h: number, w: number];
  /** Default: none. */
  readonly padding?: readonly [top: number, bottom: number, left: number, right: number];
  /** Also windows that the image fills in part (Caffe's rounding). Default false. */
  readonly ceil?: boolean;
}

/** The sum of tensors of one shape, then the activation. */
export interface AddNode extends NamedNode {
  readonly kind: "add";
  readonly inputs: readonly string[];
  readonly activation?: Activation;
}

/** The channels of all inputs, one input after the other. */
export interface ConcatNode extends NamedNode {
  readonly kind: "concat";
  readonly inputs: readonly string[];
}

export interface ActivationNode extends NamedNode {
  readonly kind: "activation";
  readonly inputs: readonly [string];
  readonly activation: Activation;
}

/** x / (bias + alpha / size * sum of x^2 over `size` channels)^beta (Krizhevsky et al. 2012, section 3.3). */
export interface NormNode extends NamedNode {
  readonly kind: "local-response-norm";
  readonly inputs: readonly [string];
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** Anything else that works in both layouts and writes a tensor of this shape; whoever runs the graph knows how. */
export interface CustomNode extends NamedNode {
  readonly kind: "custom";
  readonly inputs: readonly string[];
  readonly shape: ImageShape;
}

export type GraphNode = InputNode | ConvNode | PoolNode | AddNode | ConcatNode | ActivationNode | NormNode | CustomNode;

/** A network as plain data. Nodes stand in the order in which they run; each reads nodes before it. */
export interface NetworkGraph {
  readonly nodes: readonly GraphNode[];
  /** Names of tensors that are read when all has run. Default: those that no node reads. */
  readonly outputs?: readonly string[];
}

/** The names a node reads. */
export function inputsOf(node: GraphNode): readonly string[] {
  return node.kind === "input" ? [] : node.inputs;
}
