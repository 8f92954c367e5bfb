/** How a matrix lies for the library: row by row with `ld` elements between rows, or the other way round. */
export interface Stored {
  readonly transposed: boolean;
  readonly ld: number;
}

/** Leading dimensions are 32-bit numbers in most libraries. */
const largest = 2 ** 31 - 1;

/** The matrix of these strides as a library takes it, without a copy; undefined where none takes it. */
export function stored(rows: number, cols: number, rowStride: number, colStride: number): Stored | undefined {
  const straight = leading(rows, cols, rowStride, colStride);
  if (straight !== undefined) return { transposed: false, ld: straight };
  const turned = leading(cols, rows, colStride, rowStride);
  return turned === undefined ? undefined : { transposed: true, ld: turned };
}

/** The leading dimension of a matrix whose rows are contiguous. A lone row has none of its own, so any will do. */
function leading(rows: number, cols: number, rowStride: number, colStride: number): number | undefined {
  if (cols > 1 && colStride !== 1) return undefined;
  if (rows <= 1) return Math.max(1, cols);
  return rowStride >= Math.max(1, cols) && rowStride <= largest ? rowStride : undefined;
}
