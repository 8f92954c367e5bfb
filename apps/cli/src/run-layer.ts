import { allAlgorithms, filterView, type GemmProvider, imageView, type LayerPlan, openLayer, reorder } from "leanconv";
import { checkOutput, type OutputCheck } from "./check-output.ts";
import { checkPositions } from "./check-positions.ts";
import { measure } from "./measure.ts";
import { layerValues, seededRandom, seedOf } from "./seeded.ts";

export interface MeasuredLayer extends OutputCheck {
  readonly ms: number;
  readonly gflops: number;
  readonly heapBytes: number;
}

/** Runs one planned layer on values made from a seed, measures it and compares its output with the oracle. */
export async function runLayer(layer: LayerPlan, provider: GemmProvider, seed: number): Promise<MeasuredLayer> {
  const { problem: p, name } = layer;
  const random = seededRandom(seedOf(seed, name));
  const values = layerValues(p, random);
  const filter = filterView(values.filter, [p.oc, p.ic / p.groups, p.kh, p.kw], "oihw");
  const { bias, slopes } = values;
  const constants = { filter, ...(bias && { bias }), ...(slopes && { slopes }) };
  const opened = await openLayer(layer, { provider, ...constants });
  try {
    const input = imageView(values.input, [p.n, p.ic, p.ih, p.iw], "nchw");
    reorder(input, opened.input);
    const ms = measure(() => opened.run());
    const tensors = { ...constants, input, output: opened.output };
    const algorithm = allAlgorithms.find(({ name }) => name === layer.chosen.algorithm);
    const check = checkOutput(p, tensors, checkPositions(p, random), algorithm?.errorClass);
    return { ...check, ms, gflops: (2 * p.macs) / (ms * 1e6), heapBytes: opened.heapBytes };
  } finally {
    opened.dispose();
  }
}
