import type { ConvProblem } from "leanconv";

/** The values of one layer, the same for everybody who computes it. */
export interface LayerValues {
  /** Dense, in the order of nchw. */
  readonly input: Float32Array;
  /** Dense, in the order of oihw. */
  readonly filter: Float32Array;
  readonly bias: Float32Array;
}

/** Numbers in [-0.5, 0.5), the same on every run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** Inputs in [-1, 1), and weights so scaled that sums stay around 1: no layer runs into slow tiny numbers. */
export function layerValues(p: ConvProblem): LayerValues {
  const random = randomFrom(1);
  const terms = (p.kh * p.kw * p.ic) / p.groups;
  const filled = (length: number, width: number): Float32Array => new Float32Array(length).map(() => width * random());
  return {
    input: filled(p.n * p.ic * p.ih * p.iw, 2),
    filter: filled(p.oc * terms, 6 / Math.sqrt(terms)),
    bias: filled(p.oc, 1),
  };
}
