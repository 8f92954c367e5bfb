/**
 * `C := A B + beta C` as libraries take it: row by row, m x k times k x n, an operand transposed where it lies the other
 * way round. Places are addresses of the process; distances are elements.
 * @throws `provider.failed` where the library reports an error
 */
export type Sgemm = (
  transposedA: boolean,
  transposedB: boolean,
  m: number,
  n: number,
  k: number,
  a: number,
  lda: number,
  b: number,
  ldb: number,
  beta: 0 | 1,
  c: number,
  ldc: number,
) => void;
