import type { Activation } from "./activation.ts";

/**
 * Kernel descriptors: plain data that says what one kernel computes, without saying where. Strides and offsets are in
 * elements of float32; places come from the steps of a program as integer offsets.
 */
export type KernelDescriptor = GemmDescriptor | MoverDescriptor;

/**
 * `C := activation(A * B + beta * C + bias)`, A of m x k, B of k x n, C of m x n, with n = rows * cols.
 *
 * In this project m is output channels, A the weights and n pixels, in both layouts. `beta` 0 overwrites C and never
 * reads it. A and B may overlap themselves and each other, C overlaps neither. With m or n equal to 0 nothing is
 * written; with k equal to 0 the product is 0.
 */
export interface GemmDescriptor {
  readonly kind: "gemm";
  readonly dtype: "float32";
  readonly m: number;
  readonly k: number;
  /**
   * n on two levels: output rows and pixels of a row. A call runs a range of rows; B and C are addressed by row 0,
   * whichever rows the call runs.
   */
  readonly rows: number;
  readonly cols: number;
  readonly a: PlainA | PackedA;
  readonly b: PlainB | PatchB | PanelB;
  readonly c: TargetC;
  readonly beta: 0 | 1;
  /** One value per row of C is added. */
  readonly bias?: boolean;
  readonly activation?: Activation;
  /** The same product `count` times at these distances: groups, depthwise, images, transform points. */
  readonly batch?: Batch;
}

export interface PlainA {
  readonly kind: "plain";
  /** Distance of two rows (output channels). */
  readonly m: number;
  /** Distance along k. */
  readonly k: number;
}

/** Weights packed by the provider; addressed by batch and by k, so that single taps and kernel rows can be used alone. */
export interface PackedA {
  readonly kind: "packed";
  readonly pack: PackDescriptor;
}

export interface PlainB {
  readonly kind: "plain";
  readonly k: number;
  /** Distance of two rows of pixels. */
  readonly row: number;
  readonly col: number;
}

/**
 * The patch matrix of an image, not built: element ((tap, channel), (row, col)) is the image's value at channel
 * `channel`, line `row * sh + taps[tap].dy`, column `col * sw + taps[tap].dx`, and 0 outside of the ih x iw image.
 *
 * k runs over taps first, then channels: k = taps.length * channels. The address of the operand is that of image line
 * 0, column 0 of the first channel. One tap makes the window GEMM of the accumulating algorithms; all taps make
 * implicit GEMM. Where a pixel lies outside, the product with a weight that is not finite is not specified.
 */
export interface PatchB {
  readonly kind: "patch";
  readonly channels: number;
  readonly taps: readonly Tap[];
  readonly ih: number;
  readonly iw: number;
  readonly sh: number;
  readonly sw: number;
  readonly channel: number;
  readonly line: number;
  readonly col: number;
}

/** A kernel position's displacement in the image: dy = ky * dh - pt, dx = kx * dw - pl (algorithms.md section 1). */
export interface Tap {
  readonly dy: number;
  readonly dx: number;
}

/**
 * B as a mover wrote it in the provider's own panel form: columns in panels of the provider's `panelWidth`, each
 * `depth` deep. Addressed by an element offset and by k (MEC starts its products in the middle of the depth).
 */
export interface PanelB {
  readonly kind: "panels";
  readonly depth: number;
}

export interface TargetC {
  /** Distance of two output channels. */
  readonly m: number;
  readonly row: number;
  readonly col: number;
}

export interface Batch {
  readonly count: number;
  /** For a packed A in batches of its pack, else in elements. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly bias?: number;
  readonly slopes?: number;
}

/** One axis of a matrix read through several nested axes of a tensor: [extent, stride] from the outermost inwards. */
export type Levels = readonly (readonly [extent: number, stride: number])[];

/**
 * How weights become a packed constant: `batch` matrices of rows x k, read straight from the user's filter through
 * strides, so that no permuted copy lives beside it. Independent of the image size.
 */
export interface PackDescriptor {
  readonly kind: "pack";
  readonly dtype: "float32";
  readonly batch: Levels;
  readonly rows: Levels;
  readonly k: Levels;
  /**
   * Which axis of C will be contiguous, as far as is known: pixels (nchw, the default) or output channels (nhwc). A
   * provider may pack differently for each; its kernels are right whatever C's strides are.
   */
  readonly layout?: "nchw" | "nhwc";
  /**
   * Weights of Winograd's F(m x m, 3 x 3): the axes walk over 3 x 3 filters, whose lines and columns are these distances
   * apart, and every one is transformed into (m + 2)^2 points. The last level of `batch` counts the points, a matrix each,
   * and has a stride of 0.
   */
  readonly transform?: { readonly tile: WinogradTile; readonly line: number; readonly col: number };
}

/** Data movement with the same life cycle as GEMMs. The hot loops over tensors of all algorithms are these. */
export type MoverDescriptor =
  | CopyDescriptor
  | AddDescriptor
  | FillDescriptor
  | ActivateDescriptor
  | TransformDescriptor;

/**
 * target[i] := source[i] for every index i of up to six axes, 0 where a bounded coordinate of the source lies outside.
 *
 * With `rows`, that axis runs over the row range of the call: the source is read at the absolute row, the target
 * written at the row relative to the first (a strip's buffer starts with the strip).
 */
export interface CopyDescriptor {
  readonly kind: "copy";
  readonly dtype: "float32";
  readonly extents: readonly number[];
  /** Strides of the source, one per axis; its address is that of index 0 even where that lies outside of the image. */
  readonly source: readonly number[];
  readonly target: CopyTarget;
  readonly bounds?: readonly Bound[];
  /** The axis that a call's row range cuts. */
  readonly rows?: number;
}

/**
 * Where a copy writes: strides, or the provider's panels of `depth`, with the axes that make k and those that make the
 * column, each as strides into that index. Panel columns past the last are written as 0.
 */
export type CopyTarget =
  | { readonly kind: "strided"; readonly strides: readonly number[] }
  | { readonly kind: "panels"; readonly depth: number; readonly k: readonly number[]; readonly col: readonly number[] };

/** A coordinate of the source, offset + sum of steps[axis] * index[axis], that must lie in [0, extent). */
export interface Bound {
  readonly extent: number;
  readonly offset: number;
  readonly steps: readonly number[];
}

/** target[i] += source[i] over up to six axes: the shift-add of kn2row. */
export interface AddDescriptor {
  readonly kind: "add";
  readonly dtype: "float32";
  readonly extents: readonly number[];
  readonly source: readonly number[];
  readonly target: readonly number[];
}

/**
 * target[i] := value, or the `values` operand at stride `values` per axis (a per-channel vector: the bias). With
 * `rows`, the address is that of row 0, as in a GEMM.
 */
export interface FillDescriptor {
  readonly kind: "fill";
  readonly dtype: "float32";
  readonly extents: readonly number[];
  readonly target: readonly number[];
  readonly value: number | { readonly values: readonly number[] };
  readonly rows?: number;
}

/** target[i] := activation(target[i]), with the slope of `prelu` at stride `slopes` per axis. Rows as in `fill`. */
export interface ActivateDescriptor {
  readonly kind: "activate";
  readonly dtype: "float32";
  readonly extents: readonly number[];
  readonly target: readonly number[];
  readonly activation: Activation;
  readonly slopes?: readonly number[];
  readonly rows?: number;
}

/**
 * The tile transforms of Winograd's F(m x m, 3 x 3) (Lavin and Gray, section 4; the matrices are in `winograd.ts`), between
 * tiles of an image and their (m + 2)^2 points, each point a matrix of channels x tiles.
 *
 * To "points": the input transform of tiles of (m + 2) x (m + 2) elements that begin m apart, 0 outside of the image. To
 * "image": the output transform into tiles of m x m elements, of which those outside of the image are not written; bias is
 * added and the activation applied.
 *
 * A call runs a range of tiles, counted line by line over the grid: the image is addressed by its line 0, column 0, whichever
 * tiles the call runs, and the points by the first tile of the call.
 */
export interface TransformDescriptor {
  readonly kind: "transform";
  readonly dtype: "float32";
  /** m: the side of an output tile. */
  readonly tile: WinogradTile;
  readonly to: "points" | "image";
  readonly channels: number;
  /** Lines of tiles, and tiles in a line. */
  readonly grid: readonly [lines: number, columns: number];
  readonly image: TiledImage;
  readonly points: PanelPoints | StridedPoints;
  /** One value per channel is added; to "image" only. */
  readonly bias?: boolean;
  readonly activation?: Activation;
}

export type WinogradTile = 2 | 4;

/** Where an image lies, its size, and at which line and column the first tile begins (above or left of 0: padding). */
export interface TiledImage {
  readonly height: number;
  readonly width: number;
  readonly channel: number;
  readonly line: number;
  readonly col: number;
  readonly top: number;
  readonly left: number;
}

/**
 * Points as the provider's panels, one matrix of `depth` channels for every point, `point` elements apart, that GEMMs read.
 * Panel columns past the last tile of a call are written as 0. To "points" only.
 */
export interface PanelPoints {
  readonly kind: "panels";
  readonly point: number;
  readonly depth: number;
}

export interface StridedPoints {
  readonly kind: "strided";
  readonly point: number;
  readonly channel: number;
  readonly tile: number;
}
