import type { CopyDescriptor, PatchB } from "@leanconv/gemm";

/** Taps that one call lowers: those of a kernel row where channels are innermost and taps follow each other, else one. */
export interface Segment {
  readonly dy: number;
  readonly dx: number;
  /** First k, in the order of the patch matrix. */
  readonly k: number;
  /** Elements of k. */
  readonly depth: number;
}

/** How a block of pixels becomes a matrix in scratch. */
export type Lowering = RunLowering | MoverLowering;

/** With contiguous channels and pixels: for every pixel a run of the image's line, taps next to each other in one. */
export interface RunLowering {
  readonly by: "runs";
  readonly segments: readonly Segment[];
}

/** By a copy whose place, extents and offsets are written anew for every segment and block. */
export interface MoverLowering {
  readonly by: "mover";
  readonly segments: readonly Segment[];
  readonly mover: CopyDescriptor;
  /** Rows, columns and depth as axes of the mover. */
  readonly axes: { readonly row: number; readonly col: number; readonly depth: number };
  /** Elements of the target from one k to the next. */
  readonly kStride: number;
}

/** `k` by `width` pixels of lines of `cols`, k innermost where it is flipped, else pixels. */
export function planLowering(patch: PatchB, flipped: boolean, k: number, width: number, cols: number): Lowering {
  if (!flipped) return innermostPixels(patch, width, cols);
  return patch.channel === 1 && patch.col === patch.channels ? runs(patch) : innermostK(patch, k, cols);
}

function runs({ taps, channels }: PatchB): RunLowering {
  const segments: Segment[] = [];
  for (const [tap, { dy, dx }] of taps.entries()) {
    const last = segments.at(-1);
    const follows = last !== undefined && last.dy === dy && last.dx + last.depth / channels === dx;
    if (follows) segments[segments.length - 1] = { ...last, depth: last.depth + channels };
    else segments.push({ dy, dx, k: tap * channels, depth: channels });
  }
  return { by: "runs", segments };
}

/** Axes channel, row, col: runs along a line of the image. */
function innermostPixels(patch: PatchB, width: number, cols: number): MoverLowering {
  const { channels, ih, iw, sh, sw, channel, line, col } = patch;
  return {
    by: "mover",
    mover: {
      ...{ kind: "copy", dtype: "float32", extents: [channels, 1, 1], source: [channel, sh * line, sw * col] },
      target: { kind: "strided", strides: [width, cols, 1] },
      bounds: [
        { extent: ih, offset: 0, steps: [0, sh, 0] },
        { extent: iw, offset: 0, steps: [0, 0, sw] },
      ],
    },
    ...{ segments: tapByTap(patch), axes: { row: 1, col: 2, depth: 0 }, kStride: width },
  };
}

/** Axes row, col, channel, for images whose pixels lie apart. */
function innermostK(patch: PatchB, k: number, cols: number): MoverLowering {
  const { channels, ih, iw, sh, sw, channel, line, col } = patch;
  return {
    by: "mover",
    mover: {
      ...{ kind: "copy", dtype: "float32", extents: [1, 1, channels], source: [sh * line, sw * col, channel] },
      target: { kind: "strided", strides: [cols * k, k, 1] },
      bounds: [
        { extent: ih, offset: 0, steps: [sh, 0, 0] },
        { extent: iw, offset: 0, steps: [0, sw, 0] },
      ],
    },
    ...{ segments: tapByTap(patch), axes: { row: 0, col: 1, depth: 2 }, kStride: 1 },
  };
}

function tapByTap({ taps, channels }: PatchB): Segment[] {
  return taps.map(({ dy, dx }, tap) => ({ dy, dx, k: tap * channels, depth: channels }));
}
