import type { ConvProblem, GraphNode, ImageShape, NetworkGraph, PoolNode } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import type { Layer } from "../layer.ts";

/** Writes a graph node by node; every method gives the name of the tensor it made. */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];
  readonly #layers: ReadonlyMap<string, ConvProblem>;

  constructor(layers: readonly Layer[]) {
    this.#layers = new Map(layers.map(({ name, problem }) => [name, problem]));
  }

  /** The input that a layer wants. */
  inputOf(layer: string): string {
    const { n, ic, ih, iw } = this.problem(layer);
    const shape: ImageShape = [n, ic, ih, iw];
    return this.#put({ kind: "input", name: "data", shape });
  }

  conv(name: string, input: string): string {
    return this.#put({ kind: "conv", name, inputs: [input], problem: this.problem(name) });
  }

  /** Layers one after the other. */
  convs(names: readonly string[], input: string): string {
    return names.reduce((tensor, name) => this.conv(name, tensor), input);
  }

  /** A square window. */
  pool(
    name: string,
    kind: PoolNode["kind"],
    input: string,
    size: number,
    stride: number,
    { padding = 0, ceil = false }: { readonly padding?: number; readonly ceil?: boolean } = {},
  ): string {
    return this.#put({
      ...{ kind, name, inputs: [input], kernel: [size, size], strides: [stride, stride] },
      ...(padding > 0 && { padding: [padding, padding, padding, padding] }),
      ...(ceil && { ceil }),
    });
  }

  /** Of AlexNet's kind: five channels, alpha 0.0001, beta 0.75, bias 1. */
  norm(name: string, input: string): string {
    return this.#put({
      ...{ kind: "local-response-norm", name, inputs: [input] },
      ...{ size: 5, alpha: 1e-4, beta: 0.75, bias: 1 },
    });
  }

  add(name: string, inputs: readonly string[], relu: boolean): string {
    return this.#put({ kind: "add", name, inputs, ...(relu && { activation: { kind: "relu" as const } }) });
  }

  concat(name: string, inputs: readonly string[]): string {
    return this.#put({ kind: "concat", name, inputs });
  }

  has(layer: string): boolean {
    return this.#layers.has(layer);
  }

  problem(layer: string): ConvProblem {
    const problem = this.#layers.get(layer);
    if (problem) return problem;
    throw convError("internal.invariant", { where: "networkGraph", what: "a graph of unknown layers", got: layer });
  }

  graph(): NetworkGraph {
    return { nodes: this.#nodes };
  }

  #put(node: GraphNode): string {
    this.#nodes.push(node);
    return node.name;
  }
}
