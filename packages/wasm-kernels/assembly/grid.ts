// The pixels of one GEMM call as a grid of rows and columns, counted row by row.
import { G_bKind, G_channels, G_cols, G_ih, G_iw, G_sh, G_sw, G_TAPS, G_windowed, K_patch } from "./fields";

/** First row and column, and the width of a row: the whole call, or the window in which a lone tap meets the image. */
export let gridRow: i32 = 0;
export let gridCol: i32 = 0;
export let gridWidth: i32 = 1;
/** Number of pixels. */
export let gridCount: i32 = 0;

@inline
export function field(d: usize, offset: usize): i32 {
  return load<i32>(d + offset);
}

function ceilDiv(a: i32, b: i32): i32 {
  return a >= 0 ? (a + b - 1) / b : -(-a / b);
}

function floorDiv(a: i32, b: i32): i32 {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/** First output position whose pixel lies at 0 or behind. */
@inline
export function firstInside(d: i32, stride: i32): i32 {
  return ceilDiv(-d, stride);
}

/** One past the last output position whose pixel lies before `extent`. */
@inline
export function endInside(d: i32, stride: i32, extent: i32): i32 {
  return floorDiv(extent - 1 - d, stride) + 1;
}

export function setGrid(d: usize, rowBegin: i32, rowEnd: i32): void {
  const cols = field(d, G_cols);
  gridRow = rowBegin;
  gridCol = 0;
  gridWidth = cols;
  let rows = max(rowEnd - rowBegin, 0);
  if (field(d, G_windowed)) {
    const dy = load<i32>(d + G_TAPS);
    const dx = load<i32>(d + G_TAPS + 4);
    const y0 = max(rowBegin, firstInside(dy, field(d, G_sh)));
    const y1 = min(rowEnd, endInside(dy, field(d, G_sh), field(d, G_ih)));
    const x0 = max(0, firstInside(dx, field(d, G_sw)));
    const x1 = min(cols, endInside(dx, field(d, G_sw), field(d, G_iw)));
    gridRow = y0;
    gridCol = x0;
    gridWidth = max(x1 - x0, 0);
    rows = max(y1 - y0, 0);
  }
  gridCount = rows * gridWidth;
}

/** Start of share `part` of `parts` of `total`, in multiples of `granule`. */
export function shareStart(total: i32, part: i32, parts: i32, granule: i32): i32 {
  if (part >= parts) return total;
  const units = (total + granule - 1) / granule;
  return min(total, <i32>((<i64>units * part) / parts) * granule);
}
