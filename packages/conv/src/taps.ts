import type { ConvProblem } from "./problem.ts";

/** One position of the kernel, and where it reads relative to `(oy * sh, ox * sw)`. */
export interface KernelTap {
  readonly ky: number;
  readonly kx: number;
  /** `ky * dh - pt`: rows down in the image; negative above it. */
  readonly dy: number;
  /** `kx * dw - pl`: columns to the right. */
  readonly dx: number;
}

/** Rows `y0 <= oy < y1` and columns `x0 <= ox < x1` of the output; empty when `y1 === y0` or `x1 === x0`. */
export interface TapWindow {
  readonly y0: number;
  readonly y1: number;
  readonly x0: number;
  readonly x1: number;
}

/** All `kh * kw` taps, row by row. Allocates the list. */
export function tapsOf(p: ConvProblem): readonly KernelTap[] {
  const taps: KernelTap[] = [];
  for (let ky = 0; ky < p.kh; ky++) {
    for (let kx = 0; kx < p.kw; kx++) taps.push({ ky, kx, dy: ky * p.dh - p.pt, dx: kx * p.dw - p.pl });
  }
  return taps;
}

/**
 * The outputs `lo <= o < hi` along one axis for which `o * stride + d` lies inside an image of length `n`.
 * `0 <= lo <= hi <= outputs`, also where nothing is inside. Allocates the pair.
 */
export function validRange(d: number, stride: number, n: number, outputs: number): [lo: number, hi: number] {
  const lo = Math.min(outputs, Math.max(0, Math.ceil(-d / stride)));
  const hi = Math.min(outputs, Math.floor((n - 1 - d) / stride) + 1);
  return [lo, Math.max(lo, hi)];
}

/** The outputs for which the tap reads inside the image; outside of them it contributes zero. Allocates the window. */
export function tapWindow(p: ConvProblem, tap: KernelTap): TapWindow {
  const [y0, y1] = validRange(tap.dy, p.sh, p.ih, p.oh);
  const [x0, x1] = validRange(tap.dx, p.sw, p.iw, p.ow);
  return { y0, y1, x0, x1 };
}
