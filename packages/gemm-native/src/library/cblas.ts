import { optionalFunction } from "./functions.ts";
import type { NativeLibrary } from "./koffi.ts";
import type { Sgemm } from "./sgemm.ts";

// CBLAS_ORDER and CBLAS_TRANSPOSE.
const rowMajor = 101;
const plain = 111;
const turned = 112;

/** `cblas_sgemm` with 32-bit sizes, undefined where the library has none. */
export function cblasSgemm(library: NativeLibrary): Sgemm | undefined {
  const matrix = ["uintptr_t", "int"];
  const sgemm = optionalFunction(library, "void", "cblas_sgemm", [
    ...["int", "int", "int", "int", "int", "int", "float", ...matrix, ...matrix, "float", ...matrix],
  ]);
  if (sgemm === undefined) return undefined;
  return (transposedA, transposedB, m, n, k, a, lda, b, ldb, beta, c, ldc) => {
    sgemm(
      rowMajor,
      transposedA ? turned : plain,
      transposedB ? turned : plain,
      m,
      n,
      k,
      1,
      a,
      lda,
      b,
      ldb,
      beta,
      c,
      ldc,
    );
  };
}
