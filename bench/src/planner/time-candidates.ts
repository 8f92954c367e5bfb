import { bindConv2d, prepareWeights } from "@leanconv/conv";
import { heapBytes } from "@leanconv/core";
import {
  allAlgorithms,
  allocateTensor,
  chosenProgram,
  filterView,
  type GemmProvider,
  imageView,
  type PreparedWeights,
  packedBytes,
  reorder,
  requirements,
} from "leanconv";
import { leastSampleSeconds } from "../harness/clock.ts";
import { steadyContender } from "../harness/contender.ts";
import { interleaveSamples, settling } from "../harness/interleave.ts";
import { layerValues } from "../layer-values.ts";
import type { LayerCandidate } from "./layer-candidates.ts";

const layouts = ["nchw", "nhwc"] as const;

/**
 * Seconds of every candidate in every round, all of them in turns. The candidates are of one problem, and share one heap:
 * its images, one workspace, and packed weights of one form once.
 */
export async function timeCandidates(
  candidates: readonly LayerCandidate[],
  provider: GemmProvider,
  { threads, rounds }: { readonly threads: number; readonly rounds: number },
): Promise<readonly (readonly number[])[]> {
  if (candidates.length === 0) return [];
  const { problem: p } = candidates[0];
  const programs = candidates.map((candidate) => chosenProgram(candidate, allAlgorithms, provider));
  const forms = programs.map(({ operands }) => JSON.stringify(operands.map(({ pack }) => pack)));
  const weightBytes = new Map(programs.map((program, i) => [forms[i], packedBytes(program, provider)]));
  const imageBytes = layouts.flatMap(() => [4 * p.n * p.ic * p.ih * p.iw, 4 * p.n * p.oc * p.oh * p.ow]);
  const workspaceBytes = Math.max(
    ...programs.map((program) => requirements(program, provider, threads).workspaceBytes),
  );
  const tables = programs.flatMap(({ kernels }) => kernels.map((kernel) => provider.query(kernel).tableBytes));
  const sizes = [...weightBytes.values(), ...imageBytes, workspaceBytes, ...tables];
  const heap = await provider.createHeap(heapBytes(sizes, provider.capabilities));
  try {
    const values = layerValues(p);
    const constants = {
      filter: filterView(values.filter, [p.oc, p.ic / p.groups, p.kh, p.kw], "oihw"),
      ...(p.bias && { bias: values.bias }),
    };
    const images = layouts.map((layout) => {
      const input = allocateTensor(heap, [p.n, p.ic, p.ih, p.iw], layout, "input");
      reorder(imageView(values.input, [p.n, p.ic, p.ih, p.iw], "nchw"), input);
      return { input, output: allocateTensor(heap, [p.n, p.oc, p.oh, p.ow], layout, "output") };
    });
    const workspace = heap.allocate(workspaceBytes, "workspace");
    const prepared = new Map<string, PreparedWeights>();
    // The processor's own clock needs long stretches, and does not count other processes anyway.
    const stretches = leastSampleSeconds > 0 ? 1 : 4;
    const contenders = programs.map((program, i) => {
      const weights = prepared.get(forms[i]) ?? prepareWeights(program, provider, heap, constants);
      prepared.set(forms[i], weights);
      const { inputLayout, outputLayout } = program.variant;
      const bound = bindConv2d(program, provider, weights, {
        input: images[layouts.indexOf(inputLayout)].input,
        output: images[layouts.indexOf(outputLayout)].output,
        ...{ workspace, threads, exclusiveInput: true },
      });
      return steadyContender(program.algorithm, () => bound.run(), stretches);
    });
    return await interleaveSamples(contenders, {
      ...{ rounds, sampleSeconds: 0.006, warmSeconds: 0.02 },
      ...settling(threads),
    });
  } finally {
    heap.dispose();
  }
}
