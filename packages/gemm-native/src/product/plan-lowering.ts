import type { CopyDescriptor, PatchB } from "@leanconv/gemm";

/** Taps that one copy lowers: of one kernel row where channels are innermost and taps follow each other, else one. */
export interface Segment {
  readonly dy: number;
  readonly dx: number;
  /** First k, in the order of the patch matrix. */
  readonly k: number;
  /** Elements of k in a run. */
  readonly depth: number;
}

/**
 * How a block of pixels becomes a matrix in scratch: the mover's descriptor, whose place, extents and offsets are written
 * anew for every segment and block, and the segments.
 */
export interface Lowering {
  readonly mover: CopyDescriptor;
  readonly segments: readonly Segment[];
  /** Rows, columns and depth as axes of the mover. */
  readonly axes: { readonly row: number; readonly col: number; readonly depth: number };
  /** Elements of the target from one k to the next. */
  readonly kStride: number;
  /** Columns of the image count this much in the mover's second bound: its channels where a run crosses pixels. */
  readonly columnUnit: number;
}

/** `k` by `width` pixels of lines of `cols`, k innermost where it is flipped, else pixels. */
export function planLowering(patch: PatchB, flipped: boolean, k: number, width: number, cols: number): Lowering {
  return flipped ? innermostK(patch, k, cols) : innermostPixels(patch, width, cols);
}

/** Axes channel, row, col: runs along a line of the image. */
function innermostPixels(patch: PatchB, width: number, cols: number): Lowering {
  const { channels, taps, ih, iw, sh, sw, channel, line, col } = patch;
  return {
    mover: {
      ...{ kind: "copy", dtype: "float32", extents: [channels, 1, 1], source: [channel, sh * line, sw * col] },
      target: { kind: "strided", strides: [width, cols, 1] },
      bounds: [
        { extent: ih, offset: 0, steps: [0, sh, 0] },
        { extent: iw, offset: 0, steps: [0, 0, sw] },
      ],
    },
    segments: taps.map(({ dy, dx }, tap) => ({ dy, dx, k: tap * channels, depth: channels })),
    ...{ axes: { row: 1, col: 2, depth: 0 }, kStride: width, columnUnit: 1 },
  };
}

/**
 * Axes row, col, depth: runs along k. With contiguous channels and pixels, the taps of a kernel row are one run of the
 * image's line, whose bounds then count elements instead of columns.
 */
function innermostK(patch: PatchB, k: number, cols: number): Lowering {
  const { channels, taps, ih, iw, sh, sw, channel, line, col } = patch;
  const merged = channel === 1 && col === channels;
  const unit = merged ? channels : 1;
  const segments: Segment[] = [];
  for (const [tap, { dy, dx }] of taps.entries()) {
    const last = segments.at(-1);
    const follows = merged && last !== undefined && last.dy === dy && last.dx + last.depth / channels === dx;
    if (follows) segments[segments.length - 1] = { ...last, depth: last.depth + channels };
    else segments.push({ dy, dx, k: tap * channels, depth: channels });
  }
  return {
    mover: {
      ...{ kind: "copy", dtype: "float32", extents: [1, 1, channels], source: [sh * line, sw * col, channel] },
      target: { kind: "strided", strides: [cols * k, k, 1] },
      bounds: [
        { extent: ih, offset: 0, steps: [sh, 0, 0] },
        { extent: unit * iw, offset: 0, steps: [0, unit * sw, merged ? 1 : 0] },
      ],
    },
    segments,
    ...{ axes: { row: 0, col: 1, depth: 2 }, kStride: 1, columnUnit: unit },
  };
}
