import type { ConvProblem } from "@leanconv/conv";
import type { DirectView } from "./operands.ts";

/**
 * The sum of `w * x` below one output, or of `|w * x|`, in float64 and in the order ky, kx, c. Taps outside of the image
 * are left out rather than multiplied by zero: an infinite weight over padding contributes nothing. Allocates nothing.
 */
export function dotAt(
  p: ConvProblem,
  input: DirectView,
  filter: DirectView,
  n: number,
  oc: number,
  oy: number,
  ox: number,
  absolute: boolean,
): number {
  const [xn, xc, xh, xw] = input.stride;
  const [wo, wi, wh, ww] = filter.stride;
  const channels = p.ic / p.groups;
  const group = Math.floor(oc / (p.oc / p.groups));
  const inputStart = input.offset + n * xn + group * channels * xc;
  const filterStart = filter.offset + oc * wo;
  let sum = 0;
  for (let ky = 0; ky < p.kh; ky++) {
    const y = oy * p.sh + ky * p.dh - p.pt;
    if (y < 0 || y >= p.ih) continue;
    for (let kx = 0; kx < p.kw; kx++) {
      const x = ox * p.sw + kx * p.dw - p.pl;
      if (x < 0 || x >= p.iw) continue;
      let xAt = inputStart + y * xh + x * xw;
      let wAt = filterStart + ky * wh + kx * ww;
      for (let c = 0; c < channels; c++, xAt += xc, wAt += wi) {
        const product = filter.data[wAt] * input.data[xAt];
        sum += absolute ? Math.abs(product) : product;
      }
    }
  }
  return sum;
}
