import { allAlgorithms } from "@leanconv/algorithms";
import { type ConvAlgorithm, type ConvConstants, type ConvNode, checkGraph, type NetworkGraph } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import type { GemmProvider, RunAsyncOptions } from "@leanconv/gemm";
import { checkNetworkPlan, chosenProgram, type NetworkPlanData } from "@leanconv/planner";
import type { StridedView } from "@leanconv/tensor";
import { bindNodes } from "./bind-nodes.ts";
import { NetworkHeap } from "./network-heap.ts";
import type { NodeFunction } from "./node-functions.ts";

export interface NetworkRunOptions {
  readonly provider: GemmProvider;
  /** Filter, bias and slopes of a convolution. Asked for once each, in order, and read at once. */
  readonly constants: (node: ConvNode) => ConvConstants;
  /** Where the chosen algorithms are looked up by name; default `allAlgorithms`. */
  readonly algorithms?: readonly ConvAlgorithm[] | undefined;
  /** What the plan was made for, to be sure of it. */
  readonly graph?: NetworkGraph | undefined;
  /** By name of a node: pools and normalisations instead of the plain loops, and every custom node. */
  readonly functions?: Readonly<Record<string, NodeFunction>> | undefined;
  /** Fills an input when its turn comes. Needed where other nodes run before an input. */
  readonly feed?: ((name: string, tensor: StridedView) => void) | undefined;
  /** Sees every tensor when it is done; its memory is used again later. */
  readonly observe?: ((name: string, tensor: StridedView) => void) | undefined;
}

/** A whole network in one heap of exactly the bytes its plan declares. */
export interface OpenNetwork extends Disposable {
  /** By name, logical `[n, c, h, w]` in the planned layout. To be filled before every run: their memory takes turns too. */
  readonly inputs: Readonly<Record<string, StridedView>>;
  /** By name, valid after a run until the next. */
  readonly outputs: Readonly<Record<string, StridedView>>;
  /** The one heap, with its page rounding: `plan.memory.heapBytes`. */
  readonly heapBytes: number;
  /** What was used of it: `plan.memory.usedBytes`, to the byte. */
  readonly highWaterBytes: number;
  /** Computes everything in the order of the graph. Allocates nothing, apart from functions of the caller's. */
  run(): void;
  /** The same without blocking the caller's thread while a provider computes. */
  runAsync(options?: RunAsyncOptions): Promise<void>;
  dispose(): void;
}

/**
 * Opens a network that was planned: checks that the plan belongs to the provider, makes one heap of the planned bytes,
 * packs all constants and binds every node at its planned offsets. The `await` is for the heap.
 * @throws `argument.plan-mismatch` for a plan of another provider, variant, tile, network or version, or one that was
 * changed; `argument.name` for algorithms or functions that are missing; the codes of `prepareWeights`;
 * `resource.out-of-memory`
 */
export async function openNetwork(plan: NetworkPlanData, options: NetworkRunOptions): Promise<OpenNetwork> {
  const where = "openNetwork";
  const { provider, constants, algorithms = allAlgorithms, graph, functions = {}, feed, observe } = options;
  checkNetworkPlan(plan, { provider, algorithms, graph }, where);
  const { nodes, shapes, kept } = checkGraph(plan.graph, where);
  checkFeed(plan, feed, where);
  const convolutions = nodes.flatMap((node, place) => (node.kind === "conv" ? [{ node, place }] : []));
  const programs = new Map(
    convolutions.map(({ node, place }) => {
      const { chosen } = plan.nodes[place];
      const choice = { problem: node.problem, chosen: chosen as NonNullable<typeof chosen> };
      return [node.name, chosenProgram(choice, algorithms, provider)];
    }),
  );
  const memory = await NetworkHeap.create(plan, provider, where);
  const { heap } = memory;
  try {
    const weights = new Map(
      convolutions.map(({ node }) => {
        const program = programs.get(node.name) as NonNullable<ReturnType<typeof programs.get>>;
        return [node.name, memory.prepare(node, program, provider, constants(node))];
      }),
    );
    const regions = memory.takeArena(plan.memory.arenaBytes);
    const bound = bindNodes({ plan, provider, memory, regions, programs, weights, shapes, functions, feed });
    memory.checkHeight(plan.memory.usedBytes);
    const steps = bound.flatMap((one) => one.steps.map((step) => ({ step, done: step.node, output: one.output })));
    const named = (wanted: (place: number) => boolean): Record<string, StridedView> =>
      Object.fromEntries(bound.flatMap(({ node, output }, place) => (wanted(place) ? [[node.name, output]] : [])));
    const dispose = (): void => heap.dispose();
    return {
      inputs: named((place) => nodes[place].kind === "input"),
      outputs: named((place) => kept[place]),
      heapBytes: heap.bytes,
      get highWaterBytes() {
        return heap.highWaterBytes;
      },
      run() {
        for (let at = 0; at < steps.length; at++) {
          const { step, done, output } = steps[at];
          step.run();
          if (observe !== undefined && done !== undefined) observe(done, output);
        }
      },
      async runAsync(asyncOptions) {
        for (const { step, done, output } of steps) {
          await step.runAsync(asyncOptions);
          if (done !== undefined) observe?.(done, output);
        }
      },
      ...{ dispose, [Symbol.dispose]: dispose },
    };
  } catch (error) {
    heap.dispose();
    throw error;
  }
}

/** An input behind other nodes cannot be filled beforehand: its memory may be theirs until then. @throws `argument.name` */
function checkFeed({ graph }: NetworkPlanData, feed: NetworkRunOptions["feed"], where: string): void {
  if (feed !== undefined) return;
  const first = graph.nodes.findIndex(({ kind }) => kind !== "input");
  const late = graph.nodes.find(({ kind }, place) => kind === "input" && place > first && first >= 0);
  if (late === undefined) return;
  throw convError("argument.name", {
    where: `${where}: feed`,
    what: `the input ${late.name} is filled while the network runs`,
    fix: "pass feed: (name, tensor) => ..., or put all inputs first",
  });
}
