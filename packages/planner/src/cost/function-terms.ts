import type { GraphNode, ImageShape, NormNode, PoolNode } from "@leanconv/conv";

/** A node that plain loops compute instead of the provider. */
export type FunctionNode = PoolNode | NormNode;

export function isFunction(node: GraphNode): node is FunctionNode {
  return node.kind === "max-pool" || node.kind === "average-pool" || node.kind === "local-response-norm";
}

/** What such nodes of one kind cost. They run on one thread, whatever the provider, about equally fast in both layouts. */
export interface FunctionTerms {
  /** Seconds per element that is written. */
  readonly outputSeconds: number;
  /** Seconds per value that is read: a window, or the channels of a norm, for each element. */
  readonly valueSeconds: number;
}

export interface NodeTerms {
  readonly pool: FunctionTerms;
  readonly norm: FunctionTerms;
}

/** For models without terms of their own: the loops of one core of a virtual AMD EPYC server with Node 24. */
export const defaultNodeTerms: NodeTerms = {
  pool: { outputSeconds: 3.7e-9, valueSeconds: 9.4e-10 },
  norm: { outputSeconds: 1.85e-8, valueSeconds: 6e-10 },
};

/** Values behind one element that a node writes. Windows over the border count whole. */
export function windowOf(node: FunctionNode): number {
  return node.kind === "local-response-norm" ? node.size : node.kernel[0] * node.kernel[1];
}

/** Seconds of a node that writes a tensor of this shape. */
export function functionSeconds(terms: NodeTerms, node: FunctionNode, [n, c, h, w]: ImageShape): number {
  const { outputSeconds, valueSeconds } = node.kind === "local-response-norm" ? terms.norm : terms.pool;
  return n * c * h * w * (outputSeconds + windowOf(node) * valueSeconds);
}
