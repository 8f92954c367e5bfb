import type { MoveForm, MoverDescriptor } from "@leanconv/gemm";
import type { NodeTerms } from "./function-terms.ts";
import type { Curve, Grid } from "./interpolate.ts";

/** What of B rates are told apart by. */
export type RateKind = "plain" | "tap" | "patch" | "panels";

/** What products cost whose C has this layout. */
export interface LayoutTerms {
  /** Flops per second, whole tiles counted, by the kind of B. A lone tap reads every element once, a patch several times. */
  readonly rates: Readonly<Record<RateKind, Grid>>;
  /** What a remainder of one row, or column, of the register tile costs, in whole tiles. */
  readonly tail: { readonly m: number; readonly n: number };
  /** Of bringing patches, by their stride, over the pixels of a line. None where lines make no difference. */
  readonly lines: readonly (BringTerms & { readonly stride: number })[];
  /** Of bringing patches, over the channels of a tap. */
  readonly taps: BringTerms;
  /** The image lies in the other layout: seconds per element of B, and per element of B and row of A. */
  readonly crossed: { readonly elementSeconds: number; readonly rowSeconds: number };
  /** With beta = 1: seconds per element of C, over the bytes of C, which does not stay near where it is large. */
  readonly updateSeconds: Curve;
  /** With a bias or an activation: seconds per element of C. */
  readonly finishSeconds: number;
  /** How far a product whose lines are not at equal distances costs a product for every line: 0 not at all, 1 wholly. */
  readonly lineByLine: number;
  /** Seconds per element of C over the pixels of a row, where the rows of C do not follow each other. */
  readonly rowEndSeconds: Curve;
  /** Depthwise products, by stride and taps: seconds per multiply-add over the pixels of a row. */
  readonly depthwise: readonly DepthwiseTerms[];
}

/** What elements of B cost beyond those of long lines and many channels. */
export interface BringTerms {
  /** Seconds per element of B. */
  readonly elementSeconds: Curve;
  /** Seconds per element of B and row of A. */
  readonly rowSeconds: Curve;
}

export interface DepthwiseTerms {
  readonly stride: number;
  readonly taps: number;
  readonly macSeconds: Curve;
}

/** Moves of one kind whose innermost axis lies in one way. */
export interface MoveTerms {
  readonly kind: MoverDescriptor["kind"];
  readonly form: MoveForm;
  /** Over the elements of the innermost axis. */
  readonly bytesPerSecond: Curve;
}

/**
 * The constants of a machine, a provider and a number of threads, as `calibrate` measures them: the terms of
 * `profileCostModel`. Plain JSON.
 */
export interface MachineProfile {
  readonly version: 1;
  /** Where it was measured. A plan for it can be made elsewhere. */
  readonly machine: { readonly cpu: string; readonly runtime: string };
  readonly provider: { readonly name: string; readonly identity: string };
  readonly threads: {
    readonly count: number;
    /** Of a program, over one thread. */
    readonly speedup: number;
    /** Of starting a phase and waiting for all threads. */
    readonly barrierSeconds: number;
  };
  /** Of one call of a kernel, whatever its size. */
  readonly callSeconds: { readonly gemm: number; readonly move: number };
  readonly nchw: LayoutTerms;
  readonly nhwc: LayoutTerms;
  readonly moves: readonly MoveTerms[];
  /**
   * Seconds for every byte that is read from, or written to, memory which a run comes back to later, over the bytes of
   * that memory: the constants of a layer, or its workspace. What outgrows the caches comes from far each time.
   */
  readonly far: Curve;
  /** What a move of so many bytes takes, over one that stays in the nearest cache. */
  readonly spill: Curve;
  /** Of pools and normalisations. Default: those of the shipped constants. */
  readonly nodes?: NodeTerms | undefined;
}
