import { allAlgorithms } from "@leanconv/algorithms";
import { bindConv2d, type ConvAlgorithm, type ConvConstants, type ConvProgram, prepareWeights } from "@leanconv/conv";
import { convError } from "@leanconv/core";
import { assertProvider, type GemmProvider, type RunAsyncOptions } from "@leanconv/gemm";
import { chosenProgram, type PlannedChoice } from "@leanconv/planner";
import { allocateTensor, type StridedView } from "@leanconv/tensor";
import { checkPlannedProvider, checkPlannedWorkspace } from "./check-planned.ts";
import { createLayerHeap, layerHeap } from "./layer-heap.ts";

export interface LayerOptions extends ConvConstants {
  readonly provider: GemmProvider;
  /** Where the chosen algorithm is looked up by its name; default `allAlgorithms`. */
  readonly algorithms?: readonly ConvAlgorithm[] | undefined;
  /** Default: as planned, or 1. */
  readonly threads?: number | undefined;
}

/** One layer with memory of its own, exactly as much as its plan says. */
export interface OpenLayer extends Disposable {
  readonly program: ConvProgram;
  /** Logical `[n, ic, ih, iw]`, to be filled by the caller. Nobody else's: a form may change it while it runs. */
  readonly input: StridedView;
  /** Logical `[n, oc, oh, ow]`. */
  readonly output: StridedView;
  /** Input, output, packed constants, workspace and tables, with the gaps of alignment and the provider's own. */
  readonly heapBytes: number;
  /** Computes the output from the input. Allocates nothing. */
  run(): void;
  /** The same without blocking the caller's thread; leave input and output alone until it is done. */
  runAsync(options?: RunAsyncOptions): Promise<void>;
  dispose(): void;
}

/**
 * Opens the layer that a plan chose: makes its program, one heap of exactly the bytes it needs, packs the constants and
 * binds. The `await` is for the heap.
 * @throws `argument.plan-mismatch` for a provider or a workspace other than planned, `argument.name` for an algorithm that is not in the list, the codes of `ConvAlgorithm.program`,
 * `prepareWeights` and `bindConv2d`, `resource.out-of-memory`
 */
export async function openLayer(choice: PlannedChoice, options: LayerOptions): Promise<OpenLayer> {
  const { provider, algorithms = allAlgorithms, threads = choice.threads ?? 1, ...constants } = options;
  const { problem: p } = choice;
  assertProvider(provider, "openLayer");
  checkPlannedProvider(choice, provider, "openLayer");
  const program = chosenProgram(choice, algorithms, provider);
  const needs = layerHeap(program, provider, threads);
  const { bytes, workspaceBytes } = needs;
  checkPlannedWorkspace(choice, workspaceBytes, threads, `openLayer(${program.algorithm} ${program.variant.form})`);
  const heap = await createLayerHeap(provider, needs);
  try {
    const weights = prepareWeights(program, provider, heap, constants);
    const { inputLayout, outputLayout } = program.variant;
    const input = allocateTensor(heap, [p.n, p.ic, p.ih, p.iw], inputLayout, "input");
    const output = allocateTensor(heap, [p.n, p.oc, p.oh, p.ow], outputLayout, "output");
    const workspace = workspaceBytes === 0 ? undefined : heap.allocate(workspaceBytes, "workspace");
    const binding = { input, output, ...(workspace && { workspace }), exclusiveInput: true, threads };
    const bound = bindConv2d(program, provider, weights, binding);
    if (heap.highWaterBytes !== bytes) {
      throw convError("internal.invariant", {
        where: `openLayer(${program.algorithm} ${program.variant.form})`,
        what: "the heap is used to another height than was computed",
        got: heap.highWaterBytes,
        wanted: bytes,
      });
    }
    const dispose = (): void => heap.dispose();
    return {
      ...{ program, input, output, heapBytes: bytes },
      run: () => bound.run(),
      runAsync: (options) => bound.runAsync(options),
      ...{ dispose, [Symbol.dispose]: dispose },
    };
  } catch (error) {
    heap.dispose();
    throw error;
  }
}
