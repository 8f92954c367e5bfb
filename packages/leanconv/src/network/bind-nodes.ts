import { bindConv2d, type ConvProgram, type GraphNode, inputsOf, type PreparedWeights } from "@leanconv/conv";
import { convError, type Region } from "@leanconv/core";
import type { Executable, GemmProvider, Program, RunAsyncOptions } from "@leanconv/gemm";
import { copyProgram, type NetworkPlanData, type PlannedBuffer, sumProgram } from "@leanconv/planner";
import { type ImageLayout, imageView, type StridedView } from "@leanconv/tensor";
import type { NetworkHeap } from "./network-heap.ts";
import { type NodeFunction, nodeFunction } from "./node-functions.ts";

/** One step of a network with its memory. */
export interface BoundStep {
  /** The node that is done after it; absent for a copy. */
  readonly node?: string;
  run(): void;
  runAsync(options?: RunAsyncOptions): Promise<void>;
}

export interface BoundNode {
  readonly node: GraphNode;
  readonly output: StridedView;
  readonly steps: readonly BoundStep[];
}

export interface ToBind {
  readonly plan: NetworkPlanData;
  readonly provider: GemmProvider;
  readonly memory: NetworkHeap;
  readonly regions: ReadonlyMap<PlannedBuffer, Region>;
  readonly programs: ReadonlyMap<string, ConvProgram>;
  readonly weights: ReadonlyMap<string, PreparedWeights>;
  readonly shapes: readonly (readonly [number, number, number, number])[];
  readonly functions: Readonly<Record<string, NodeFunction>>;
  readonly feed: ((name: string, tensor: StridedView) => void) | undefined;
}

/** Binds every node to its buffers, in the order in which they run: their kernels' tables are taken from the heap. */
export function bindNodes(given: ToBind): readonly BoundNode[] {
  const binder = new Binder(given);
  return given.plan.graph.nodes.map((_, place) => binder.bind(place));
}

class Binder {
  readonly #given: ToBind;
  readonly #places: ReadonlyMap<string, number>;
  /** By node, the buffer of its tensor, which nodes that work in place share. */
  readonly #tensors = new Map<string, PlannedBuffer>();

  constructor(given: ToBind) {
    this.#given = given;
    this.#places = new Map(given.plan.graph.nodes.map(({ name }, place) => [name, place]));
    for (const buffer of given.plan.buffers) {
      if (buffer.kind === "tensor") this.#tensors.set(buffer.name, buffer);
      for (const name of buffer.shared ?? []) this.#tensors.set(name, buffer);
    }
  }

  bind(place: number): BoundNode {
    const { plan, shapes } = this.#given;
    const node = plan.graph.nodes[place];
    const { inputLayout, outputLayout } = plan.nodes[place];
    const output = this.#view(this.#tensor(node.name), shapes[place], outputLayout);
    const steps: BoundStep[] = [];
    const inputs = inputsOf(node).map((name, input) => {
      const from = this.#places.get(name) as number;
      const copy = this.#copyOf(place, input);
      const written = plan.nodes[from].outputLayout;
      if (copy === undefined) return { buffer: this.#tensor(name), layout: written, from };
      const source = this.#view(this.#tensor(name), shapes[from], written);
      const target = this.#view(copy, shapes[from], inputLayout);
      const program = copyProgram(shapes[from], written, inputLayout);
      steps.push(this.#step(program, { input: source, output: target }, this.#behind(copy, shapes[from])));
      return { buffer: copy, layout: inputLayout, from };
    });
    const read = inputs.map(({ buffer, from }) => this.#view(buffer, shapes[from], inputLayout));
    steps.push(...this.#own(place, node, inputs, read, output));
    return { node, output, steps };
  }

  #own(
    place: number,
    node: GraphNode,
    inputs: readonly { readonly buffer: PlannedBuffer; readonly layout: ImageLayout; readonly from: number }[],
    read: readonly StridedView[],
    output: StridedView,
  ): readonly BoundStep[] {
    const { shapes, functions, feed } = this.#given;
    const { name } = node;
    const workspace = this.#workspace(place);
    switch (node.kind) {
      case "input":
        return [called(name, () => feed?.(name, output))];
      case "conv":
        return [executed(this.#conv(name, read[0], output, workspace), name)];
      case "add":
      case "activation": {
        const own = this.#tensor(name);
        const inPlace = inputs.findIndex(({ buffer }) => buffer === own);
        const { activation } = node;
        const program = sumProgram(shapes[place], inputs.length, activation, inPlace < 0 ? undefined : inPlace);
        const operands = Object.fromEntries(read.map((view, input) => [`input${input}`, view]));
        return [this.#step(program, { ...operands, output }, workspace, name)];
      }
      case "concat": {
        const channels = shapes[place][1];
        let firstChannel = 0;
        return inputs.map(({ buffer, layout, from }, input) => {
          const shape = shapes[from];
          const target = this.#given.plan.nodes[place].outputLayout;
          const program = copyProgram(shape, layout, target, { firstChannel, channels });
          firstChannel += shape[1];
          const views = { input: this.#view(buffer, shape, layout), output };
          return this.#step(program, views, workspace, input === inputs.length - 1 ? name : undefined);
        });
      }
      default: {
        const compute = nodeFunction(node, functions, "openNetwork");
        return [called(name, () => compute(read, output))];
      }
    }
  }

  #conv(name: string, input: StridedView, output: StridedView, workspace: Region | undefined): Executable {
    const { plan, provider, programs, weights } = this.#given;
    const program = programs.get(name) as ConvProgram;
    const prepared = weights.get(name) as PreparedWeights;
    // Nodes run one after the other: nobody reads the input while this one changes it and puts it back.
    const binding = { input, output, ...(workspace && { workspace }), exclusiveInput: true, threads: plan.threads };
    return bindConv2d(program, provider, prepared, binding);
  }

  #step(
    program: Program,
    views: Readonly<Record<string, StridedView>>,
    workspace: Region | undefined,
    done?: string,
  ): BoundStep {
    const { plan, provider, memory } = this.#given;
    const operands = Object.fromEntries(
      Object.entries(views).map(([name, { data, offset }]) => [name, { data, offset }]),
    );
    const { heap } = memory;
    const binding = { heap, operands, ...(workspace && { workspace }), threads: plan.threads };
    return executed(provider.bind(program, binding), done);
  }

  #view(buffer: PlannedBuffer, shape: readonly [number, number, number, number], layout: ImageLayout): StridedView {
    const region = this.#region(buffer);
    const [n, c, h, w] = shape;
    return imageView(region.float32.subarray(0, n * c * h * w), [n, c, h, w], layout);
  }

  #region(buffer: PlannedBuffer): Region {
    return this.#given.regions.get(buffer) as Region;
  }

  #tensor(name: string): PlannedBuffer {
    const buffer = this.#tensors.get(name);
    if (buffer) return buffer;
    throw convError("argument.plan-mismatch", {
      where: "openNetwork",
      what: "the plan has no memory for a node",
      got: name,
    });
  }

  #copyOf(place: number, input: number): PlannedBuffer | undefined {
    return this.#given.plan.buffers.find(
      (buffer) => buffer.kind === "copy" && buffer.node === place && buffer.input === input,
    );
  }

  #workspace(place: number): Region | undefined {
    const buffer = this.#given.plan.buffers.find(({ kind, node }) => kind === "workspace" && node === place);
    return buffer && this.#region(buffer);
  }

  /** What a mover needs besides lies behind the copy it makes. */
  #behind(copy: PlannedBuffer, [n, c, h, w]: readonly [number, number, number, number]): Region | undefined {
    const region = this.#region(copy);
    const { alignBytes } = region.heap;
    const used = Math.ceil((4 * n * c * h * w) / alignBytes) * alignBytes;
    if (region.bytes <= used) return undefined;
    const byteOffset = region.byteOffset + used;
    return { ...region, byteOffset, bytes: region.bytes - used, float32: region.float32.subarray(used / 4) };
  }
}

/** A step that the provider computes. */
function executed(executable: Executable, done: string | undefined): BoundStep {
  return {
    ...(done !== undefined && { node: done }),
    run: () => executable.run(),
    runAsync: (options) => executable.runAsync(options),
  };
}

/** A step that a function of the caller's or of this package computes. */
function called(node: string, run: () => void): BoundStep {
  return { node, run, runAsync: async () => run() };
}
