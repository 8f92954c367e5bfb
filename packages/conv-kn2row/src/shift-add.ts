import type { Frame } from "@leanconv/conv";
import { activateOutput, fillBias } from "@leanconv/conv";
import { affine, loop, type Node, part, phase, type Step, type TargetC } from "@leanconv/gemm";
import type { TapBlock } from "./runs.ts";

/** How products of `rows` image rows lie in their slot, as C of the GEMM: in the order of the output they are added to. */
export function productTarget({ p, variant }: Frame, channels: number, rows: number): TargetC {
  return variant.outputLayout === "nchw"
    ? { m: rows * p.iw, row: p.iw, col: 1 }
    : { m: 1, row: p.iw * channels, col: channels };
}

/** The body for every tap of a block; the counters are `ky` and `kx`. */
export function overTaps({ rows, cols }: TapBlock, body: readonly Node[]): Node {
  return loop("ky", rows.count, [loop("kx", cols.count, body)]);
}

/** Returns the maker of shift-adds, with a kernel for every size of window. */
export function shiftAdder(
  frame: Frame,
  slot: string,
  product: TargetC,
): (block: TapBlock, perTap: number, outBy?: Readonly<Record<string, number>>) => Step {
  const { p, y, ocg, kernels, variant } = frame;
  const known = new Map<string, number>();
  const adding = (height: number, width: number): number => {
    const key = `${height} ${width}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const channel = { extent: ocg, source: product.m, target: y.c };
    const row = { extent: height, source: p.sh * product.row, target: y.h };
    const col = { extent: width, source: p.sw * product.col, target: y.w };
    const axes = variant.outputLayout === "nchw" ? [channel, row, col] : [row, col, channel];
    const kernel = kernels.kernel({
      ...{ kind: "add", dtype: "float32", extents: axes.map(({ extent }) => extent) },
      ...{ source: axes.map(({ source }) => source), target: axes.map(({ target }) => target) },
    });
    known.set(key, kernel);
    return kernel;
  };

  /**
   * Adds the window of a tap's product to its outputs: at stride s every s-th row and column of it. `perTap` is the
   * distance of two taps' products in the slot.
   */
  return ({ rows, cols }, perTap, outBy = {}) => ({
    kernel: adding(rows.window.size, cols.window.size),
    at: {
      source: {
        of: slot,
        ...affine(
          (rows.first * p.kw + cols.first) * perTap + rows.window.in * product.row + cols.window.in * product.col,
          { ky: p.kw * perTap + rows.inStep * product.row, kx: perTap + cols.inStep * product.col },
        ),
      },
      target: {
        of: "output",
        ...affine(rows.window.out * y.h + cols.window.out * y.w, {
          ...{ image: y.n, group: ocg * y.c, ...outBy },
          ...{ ky: rows.outStep * y.h, kx: cols.outStep * y.w },
        }),
      },
    },
  });
}

/** Bias, or zero, into the outputs of all images. */
export function beginOutput(frame: Frame): Node {
  const { p, y } = frame;
  return phase(part(p.n, fillBias(frame, p.oc, { of: "output", ...affine(0, { part: y.n }) }, {})));
}

/** The activation over the outputs of all images, if there is one. */
export function finishOutput(frame: Frame): Node[] {
  const { p, y } = frame;
  const step = activateOutput(frame, p.oc, { of: "output", ...affine(0, { part: y.n }) }, {});
  return step ? [phase(part(p.n, step))] : [];
}
