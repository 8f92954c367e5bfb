import {
  type ConvProblem,
  formatBytes,
  formatProblem,
  fullIm2colElements,
  type ImageLayout,
  type LayerPlan,
} from "leanconv";

/** What `plan` and `run` say of a layer in JSON; `run` adds what it measured. */
export interface LayerRow {
  readonly network: string;
  readonly layer: string;
  readonly problem: string;
  readonly algorithm: string;
  readonly form: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly layout: ImageLayout;
  readonly workspaceBytes: number;
  /** The whole patch matrix of one group of one image: what full im2col would book. */
  readonly im2colBytes: number;
  readonly packedBytes: number;
  readonly predictedMs: number;
}

export function layerRow(network: string, { name, problem, chosen }: LayerPlan): LayerRow {
  const { algorithm, variant, workspaceBytes, packedBytes, seconds } = chosen;
  return {
    ...{ network, layer: name, problem: formatProblem(problem) },
    ...{ algorithm, form: variant.form, parameters: variant.parameters, layout: variant.inputLayout },
    ...{ workspaceBytes, im2colBytes: 4 * fullIm2colElements(problem), packedBytes },
    predictedMs: seconds * 1000,
  };
}

/** Whether full im2col would copy anything: a 1x1 kernel at stride 1 without padding reads the image as it lies. */
function needsIm2col({ kh, kw, sh, sw, pt, pb, pl, pr }: ConvProblem): boolean {
  return kh * kw > 1 || sh * sw > 1 || pt + pb + pl + pr > 0;
}

/** The patch matrix as tables show it: `-` for layers that need none, beside which every workspace would look good. */
export function im2colCell(problem: ConvProblem): string {
  return needsIm2col(problem) ? formatBytes(4 * fullIm2colElements(problem)) : "-";
}

/** The largest patch matrix of the layers that need one; 0 where none does. */
export function largestIm2col(layers: readonly LayerPlan[]): number {
  const sizes = layers.map(({ problem }) => (needsIm2col(problem) ? 4 * fullIm2colElements(problem) : 0));
  return Math.max(0, ...sizes);
}

/** "8.6 times less", or what else there is to say of a workspace beside full im2col's. */
export function comparedWith(im2colBytes: number, workspaceBytes: number): string {
  if (im2colBytes === 0) return "every layer is 1x1";
  if (workspaceBytes === 0) return "none at all";
  const ratio = im2colBytes / workspaceBytes;
  if (ratio < 1) return `${(1 / ratio).toFixed(1)} times more`;
  return ratio === 1 ? "as much" : `${ratio.toFixed(1)} times less`;
}
