/** Libraries that are known by their own functions; "blas" is any other that has `cblas_sgemm`. */
export type LibraryKind = "onednn" | "openblas" | "blis" | "mkl" | "accelerate" | "blas";

/** An opened library, on one thread. */
export interface LibraryReport {
  readonly kind: LibraryKind;
  /** What the loader was asked for: a name that it looked up, or a path. */
  readonly file: string;
  readonly version: string;
  /** Which of its kernels it runs here, in its own words; "" where it does not say. */
  readonly kernel: string;
  /** How it would make threads; LeanConv gives every thread of its own one single-threaded call. */
  readonly threading: string;
  readonly tested: boolean;
}
