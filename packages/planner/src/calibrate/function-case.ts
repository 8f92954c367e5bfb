import { type CheckedGraph, computeNode, type ImageShape } from "@leanconv/conv";
import type { Executable } from "@leanconv/gemm";
import { type FunctionNode, isFunction } from "../cost/function-terms.ts";
import { elementsOf, type Layout, layouts, stridesOf } from "../neutral/strides.ts";
import type { Clock } from "./time-cases.ts";

/** A pool or a normalisation to be timed. */
export interface FunctionCase {
  readonly node: FunctionNode;
  readonly input: ImageShape;
  readonly output: ImageShape;
  readonly layout: Layout;
}

/** The different pools and normalisations of a graph, in both layouts. */
export function functionCases({ nodes, inputs, shapes }: CheckedGraph): readonly FunctionCase[] {
  const cases = new Map<string, FunctionCase>();
  nodes.forEach((node, place) => {
    if (!isFunction(node)) return;
    const [input, output] = [shapes[inputs[place][0]], shapes[place]];
    for (const layout of layouts) cases.set(functionKey(node, input, layout), { node, input, output, layout });
  });
  return [...cases.values()];
}

/** Equal where the same is computed. */
export function functionKey(node: FunctionNode, input: ImageShape, layout: Layout): string {
  return JSON.stringify([{ ...node, name: "", inputs: [] }, input, layout]);
}

/** The node on tensors of its own, which it allocates. */
export function functionExecutable({ node, input, output, layout }: FunctionCase): Executable {
  const [source, target] = [input, output].map((shape) => {
    const { n, c, h, w } = stridesOf(shape, layout, shape[1]);
    return { data: new Float32Array(elementsOf(shape)).fill(0.5), offset: 0, shape: [...shape], stride: [n, c, h, w] };
  });
  const run = (): void => computeNode(node, source, target);
  return { run, runAsync: async () => run() };
}

/** Seconds until an engine has compiled such loops for good; a kernel in WebAssembly needs none of it. */
const warmSeconds = 0.03;

/** Runs each for a while, untimed. */
export function warmUp(executables: readonly Executable[], clock: Clock): void {
  for (const one of executables) {
    const from = clock();
    do one.run();
    while (clock() - from < warmSeconds);
  }
}

const unread = { name: "timed", inputs: ["data"] } as const;

/** Windows of two sizes, so that what an element costs can be told from what a value costs. */
export const poolCases: readonly [FunctionCase, FunctionCase] = [poolCase(2), poolCase(4)];
export const normCases: readonly [FunctionCase, FunctionCase] = [normCase(3), normCase(7)];

function poolCase(side: number): FunctionCase {
  const outputs = 14;
  const size = (outputs - 1) * 2 + side;
  const node = { kind: "max-pool", ...unread, kernel: [side, side], strides: [2, 2] } as const;
  return { node, input: [1, 16, size, size], output: [1, 16, outputs, outputs], layout: "nchw" };
}

function normCase(size: number): FunctionCase {
  const shape: ImageShape = [1, 16, 10, 10];
  const node = { kind: "local-response-norm", ...unread, size, alpha: 1e-4, beta: 0.75, bias: 1 } as const;
  return { node, input: shape, output: shape, layout: "nchw" };
}
