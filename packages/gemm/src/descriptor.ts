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
 * Two-sided small-matrix transform of tiles, Y = L * X * transpose(L), as Winograd's input, weight and output
 * transforms (Lavin and Gray, section 4). X is a q x q tile of the source, zero outside of its bounds; Y is p x p.
 * The axes run over tiles and channels; `x` and `y` are the strides inside a tile. With `limit`, the rows and columns
 * of Y that leave the target are not written. Bias is added and the activation applied to Y.
 */
export interface TransformDescriptor {
  readonly kind: "transform";
  readonly dtype: "float32";
  /** p rows of q numbers. */
  readonly matrix: readonly (readonly number[])[];
  readonly extents: readonly number[];
  readonly source: readonly number[];
  readonly target: readonly number[];
  readonly x: readonly [row: number, col: number];
  readonly y: readonly [row: number, col: number];
  /** Bounds on the tile's line and column in the source; `steps` per axis, 1 per element of the tile. */
  readonly bounds?: readonly [line: Bound, column: Bound];
  /** Bounds on the line and column written. */
  readonly limit?: readonly [line: Bound, column: Bound];
  readonly bias?: readonly number[];
  readonly slopes?: readonly number[];
  readonly activation?: Activation;
}
