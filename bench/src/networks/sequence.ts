import { type BoundConv, bindConv2d, prepareWeights, requirements } from "@leanconv/conv";
import { heapBytes, type Region } from "@leanconv/core";
import { allAlgorithms, chosenProgram, filterView, type GemmProvider, imageView, type Plan } from "leanconv";
import { contender } from "../harness/contender.ts";
import { interleave } from "../harness/interleave.ts";
import { type LayerValues, layerValues } from "../layer-values.ts";

/** Layers that can be run one after the other, any number of times. */
export interface Sequence extends Disposable {
  run(): void;
  /** The image of the first layer, dense in the order of nchw. */
  readonly input: Float32Array;
  readonly values: readonly LayerValues[];
}

/** Seconds of all layers one after the other. What a layer finds in the caches is what the layers before it left. */
export async function measureSequence(
  plan: Plan,
  provider: GemmProvider,
  threads: number,
  rounds: number,
): Promise<number> {
  const sequence = await openSequence(plan, provider, threads);
  try {
    const [seconds] = await interleave([contender("sequence", () => sequence.run())], { rounds });
    return seconds;
  } finally {
    sequence[Symbol.dispose]();
  }
}

/**
 * All layers as a network runs them: weights of their own, one workspace, and two buffers that are input and output by
 * turns.
 */
export async function openSequence(plan: Plan, provider: GemmProvider, threads: number): Promise<Sequence> {
  const layers = plan.layers.map((layer) => {
    const program = chosenProgram(layer, allAlgorithms, provider);
    return { program, problem: layer.problem, needs: requirements(program, provider, threads) };
  });
  const most = (sizes: readonly number[]): number => Math.max(...sizes);
  const imageBytes = most(
    layers.flatMap(({ problem: p }) => [4 * p.n * p.ic * p.ih * p.iw, 4 * p.n * p.oc * p.oh * p.ow]),
  );
  const workspaceBytes = most(layers.map(({ needs }) => needs.workspaceBytes));
  const constants = layers.flatMap(({ program, needs }) => [
    needs.packedBytes,
    ...program.kernels.map((kernel) => provider.query(kernel).tableBytes),
  ]);
  const bytes = heapBytes([...constants, imageBytes, imageBytes, workspaceBytes], provider.capabilities);
  const heap = await provider.createHeap(bytes);
  try {
    const images: readonly Region[] = [heap.allocate(imageBytes, "image"), heap.allocate(imageBytes, "image")];
    const workspace = heap.allocate(workspaceBytes, "workspace");
    const values = layers.map(({ problem }) => layerValues(problem));
    const bound = layers.map(({ program, problem: p }, index): BoundConv => {
      const { input, filter, bias } = values[index];
      if (index === 0) images[0].float32.set(input);
      const view = filterView(filter, [p.oc, p.ic / p.groups, p.kh, p.kw], "oihw");
      const weights = prepareWeights(program, provider, heap, { filter: view, ...(p.bias && { bias }) });
      const { inputLayout, outputLayout } = program.variant;
      return bindConv2d(program, provider, weights, {
        input: imageView(images[index % 2].float32, [p.n, p.ic, p.ih, p.iw], inputLayout),
        output: imageView(images[1 - (index % 2)].float32, [p.n, p.oc, p.oh, p.ow], outputLayout),
        ...{ workspace, threads },
      });
    });
    return {
      run() {
        for (const layer of bound) layer.run();
      },
      input: values[0].input,
      values,
      [Symbol.dispose]: () => heap.dispose(),
    };
  } catch (error) {
    heap.dispose();
    throw error;
  }
}
