import type { ConvProblem } from "@leanconv/conv";
import type { DirectView } from "./operands.ts";

/**
 * The sum over channels of all |w| of an output channel times the largest |x| that the tile of tile x tile outputs from
 * (oy, ox) reads: what bounds the errors of algorithms that compute a whole tile from common products. Allocates nothing.
 */
export function tileMagnitude(
  p: ConvProblem,
  input: DirectView,
  filter: DirectView,
  n: number,
  oc: number,
  oy: number,
  ox: number,
  tile: number,
): number {
  const [xn, xc, xh, xw] = input.stride;
  const [wo, wi, wh, ww] = filter.stride;
  const channels = p.ic / p.groups;
  const first = Math.floor(oc / (p.oc / p.groups)) * channels;
  const rows = (tile - 1) * p.sh + (p.kh - 1) * p.dh + 1;
  const columns = (tile - 1) * p.sw + (p.kw - 1) * p.dw + 1;
  const y0 = Math.max(0, oy * p.sh - p.pt);
  const y1 = Math.min(p.ih, oy * p.sh - p.pt + rows);
  const x0 = Math.max(0, ox * p.sw - p.pl);
  const x1 = Math.min(p.iw, ox * p.sw - p.pl + columns);
  let sum = 0;
  for (let c = 0; c < channels; c++) {
    const plane = input.offset + n * xn + (first + c) * xc;
    let largest = 0;
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) largest = Math.max(largest, Math.abs(input.data[plane + y * xh + x * xw]));
    }
    let weights = 0;
    for (let ky = 0; ky < p.kh; ky++) {
      for (let kx = 0; kx < p.kw; kx++) {
        weights += Math.abs(filter.data[filter.offset + oc * wo + c * wi + ky * wh + kx * ww]);
      }
    }
    sum += weights * largest;
  }
  return sum;
}
