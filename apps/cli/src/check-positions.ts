import type { ConvProblem } from "leanconv";

/** An element of the output: image, channel, row, column. */
export type Position = readonly [n: number, oc: number, oy: number, ox: number];

const enough = 256;

/**
 * Where an output is compared with the oracle: everywhere if it has no more than 256 elements, else at least 256 places.
 * First those where kernels go wrong (the corners of first and last channels, the ends of rows, the last channels of
 * every group), then random ones.
 */
export function checkPositions(p: ConvProblem, random: () => number): readonly Position[] {
  const size = p.n * p.oc * p.oh * p.ow;
  if (size <= enough) return Array.from({ length: size }, (_, at) => positionOf(p, at));
  const chosen = new Set<number>();
  const add = (n: number, oc: number, oy: number, ox: number): void => {
    chosen.add(((n * p.oc + oc) * p.oh + oy) * p.ow + ox);
  };
  const ends = (count: number): number[] => [0, 1, count - 2, count - 1].filter((at) => at >= 0 && at < count);
  const pick = (count: number): number => Math.floor(random() * count);
  for (const n of [0, p.n - 1]) {
    for (const oc of [0, p.oc - 1]) {
      for (const oy of ends(p.oh)) for (const ox of ends(p.ow)) add(n, oc, oy, ox);
    }
  }
  for (let i = 0; i < 32; i++) {
    for (const ox of [0, p.ow - 1]) add(pick(p.n), pick(p.oc), pick(p.oh), ox);
    const lastOfGroup = (p.oc / p.groups) * (1 + pick(p.groups)) - 1;
    add(pick(p.n), lastOfGroup, pick(p.oh), pick(p.ow));
  }
  while (chosen.size < enough) chosen.add(pick(size));
  return [...chosen].map((at) => positionOf(p, at));
}

function positionOf(p: ConvProblem, at: number): Position {
  const plane = p.oh * p.ow;
  const channel = Math.floor(at / plane);
  const pixel = at % plane;
  return [Math.floor(channel / p.oc), channel % p.oc, Math.floor(pixel / p.ow), pixel % p.ow];
}
