import type { ConvProblem } from "leanconv";

/** Numbers in [0, 1) that depend on the seed alone: mulberry32 by Tommy Ettinger, in the public domain. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The values of one layer, from one stream of random numbers. */
export interface LayerValues {
  readonly input: Float32Array;
  /** In the order of oihw. */
  readonly filter: Float32Array;
  readonly bias?: Float32Array;
  readonly slopes?: Float32Array;
}

/**
 * Values for a layer: inputs in [-1, 1), weights so scaled with the number of terms that sums stay around 1, whatever
 * the layer, biases in [-0.5, 0.5), slopes in [0, 0.5).
 */
export function layerValues(p: ConvProblem, random: () => number): LayerValues {
  const terms = (p.kh * p.kw * p.ic) / p.groups;
  const filled = (length: number, low: number, high: number): Float32Array => {
    const values = new Float32Array(length);
    for (let i = 0; i < length; i++) values[i] = low + (high - low) * random();
    return values;
  };
  // Both uniform: the variance of a sum of products is terms * (1 / 3) * (reach^2 / 3).
  const reach = 3 / Math.sqrt(terms);
  return {
    input: filled(p.n * p.ic * p.ih * p.iw, -1, 1),
    filter: filled(p.oc * terms, -reach, reach),
    ...(p.bias && { bias: filled(p.oc, -0.5, 0.5) }),
    ...(p.activation?.kind === "prelu" && { slopes: filled(p.oc, 0, 0.5) }),
  };
}

/** FNV-1a: a seed for every layer, so that a layer's values do not depend on the layers before it. */
export function seedOf(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
