// Depthwise convolution of planes by 3 x 3 neighbours at stride 1 or 2: nine splat weights stay in registers, pixels are
// read where they lie. A block is four outputs of a row; the last one ends with the row, whatever it overlaps.
import {
  G_activation, G_aK, G_batchA, G_batchB, G_batchBias, G_batchC, G_batchSlopes, G_bias, G_bRow, G_cols, G_cRow, G_ih,
  G_iw, G_sh, G_sw, G_TAPS, A_clamp,
} from "./fields";
import { activateSpan } from "./activation";
import { field } from "./grid";
import { madd } from "./madd";

// Where a block lies in its row: at an end the outermost tap of its outermost pixel may be outside of the image.
const INNER = 0;
const FIRST = 1;
const LAST = 2;

/** The line of the image, or zeros above and below of it. */
@inline
function lineAt(image: usize, zeros: usize, y: i32, ih: i32, line: usize): usize {
  return <u32>y < <u32>ih ? image + <usize>y * line : zeros;
}

@inline
function near(p: usize, place: i32): v128 {
  return place == FIRST ? v128.shuffle<f32>(f32x4.splat(0), v128.load(p, 4), 3, 4, 5, 6) : v128.load(p);
}

@inline
function far(p: usize, place: i32): v128 {
  return place == LAST ? v128.shuffle<f32>(v128.load(p, 4), f32x4.splat(0), 1, 2, 3, 4) : v128.load(p, 8);
}

@inline
function line1(sum: v128, p: usize, place: i32, v0: v128, v1: v128, v2: v128): v128 {
  return madd(madd(madd(sum, v0, near(p, place)), v1, v128.load(p, 4)), v2, far(p, place));
}

/** Pixels 0 2 4 6, 1 3 5 7 and 2 4 6 8. */
@inline
function line2(sum: v128, p: usize, place: i32, v0: v128, v1: v128, v2: v128): v128 {
  const m = v128.load(p, 4), n = v128.load(p, 20);
  const odd = v128.shuffle<f32>(m, n, 1, 3, 5, 7);
  const even = place == FIRST
    ? v128.shuffle<f32>(f32x4.splat(0), odd, 3, 4, 5, 6)
    : v128.shuffle<f32>(v128.load(p), v128.load(p, 16), 0, 2, 4, 6);
  return madd(madd(madd(sum, v0, even), v1, v128.shuffle<f32>(m, n, 0, 2, 4, 6)), v2, odd);
}

/** Channels [first, last) of rows [y0, y1). Rows of stride 1 are computed in pairs, which share two of their lines. */
export function planes3x3(
  d: usize, a: usize, b: usize, c: usize, bias: usize, slopes: usize, zeros: usize,
  first: i32, last: i32, y0: i32, y1: i32, low: v128, high: v128,
): void {
  const cols = field(d, G_cols);
  const ih = field(d, G_ih), sh = field(d, G_sh), sw = field(d, G_sw);
  const line = <usize>field(d, G_bRow), cRow = <usize>field(d, G_cRow), aK = <usize>field(d, G_aK);
  const dy = load<i32>(d + G_TAPS), dx = load<i32>(d + G_TAPS, 4);
  const pair = sw == 1;
  const start = dx < 0 ? 4 : 0;
  const cut = (cols - 1) * sw + dx + 2 >= field(d, G_iw);
  const stop = cut ? cols - 4 : cols;
  memory.fill(zeros, 0, <usize>(field(d, G_iw)) << 2);
  for (let index = first; index < last; index++) {
    const w = a + <usize>(index * field(d, G_batchA));
    const image = b + <usize>(index * field(d, G_batchB)) + <usize>(dx << 2);
    const none = zeros + <usize>(dx << 2);
    const add = field(d, G_bias) ? v128.load32_splat(bias + <usize>(index * field(d, G_batchBias))) : f32x4.splat(0);
    const w0 = v128.load32_splat(w), w1 = v128.load32_splat(w + aK), w2 = v128.load32_splat(w + 2 * aK);
    const w3 = v128.load32_splat(w + 3 * aK), w4 = v128.load32_splat(w + 4 * aK), w5 = v128.load32_splat(w + 5 * aK);
    const w6 = v128.load32_splat(w + 6 * aK), w7 = v128.load32_splat(w + 7 * aK), w8 = v128.load32_splat(w + 8 * aK);
    const plane = c + <usize>(index * field(d, G_batchC));
    for (let y = y0; y < y1; y++) {
      const top = y * sh + dy;
      const p0 = lineAt(image, none, top, ih, line);
      const p1 = lineAt(image, none, top + 1, ih, line);
      const p2 = lineAt(image, none, top + 2, ih, line);
      const q0 = plane + <usize>y * cRow;
      if (pair) {
        const p3 = lineAt(image, none, top + 3, ih, line);
        // The row below of the last one is computed for nothing: it is stored first.
        if (++y >= y1) y = y1 - 1;
        const q1 = plane + <usize>y * cRow;
        if (start) rows1(FIRST, 0, p0, p1, p2, p3, q0, q1, w0, w1, w2, w3, w4, w5, w6, w7, w8, add, low, high);
        for (let x = start; x < stop; x += 4) {
          rows1(INNER, min(x, cols - 4), p0, p1, p2, p3, q0, q1, w0, w1, w2, w3, w4, w5, w6, w7, w8, add, low, high);
        }
        if (cut) rows1(LAST, cols - 4, p0, p1, p2, p3, q0, q1, w0, w1, w2, w3, w4, w5, w6, w7, w8, add, low, high);
      } else {
        if (start) row2(FIRST, 0, p0, p1, p2, q0, w0, w1, w2, w3, w4, w5, w6, w7, w8, add, low, high);
        for (let x = start; x < cols; x += 4) {
          row2(INNER, min(x, cols - 4), p0, p1, p2, q0, w0, w1, w2, w3, w4, w5, w6, w7, w8, add, low, high);
        }
      }
    }
    if (field(d, G_activation) <= A_clamp) continue;
    const slope = slopes + <usize>(index * field(d, G_batchSlopes));
    for (let y = y0; y < y1; y++) activateSpan(d + G_activation, plane + <usize>y * cRow, 4, cols, slope, 0);
  }
}

/** A block of two rows at stride 1. */
@inline
function rows1(
  place: i32, x: i32, p0: usize, p1: usize, p2: usize, p3: usize, q0: usize, q1: usize, w0: v128, w1: v128, w2: v128,
  w3: v128, w4: v128, w5: v128, w6: v128, w7: v128, w8: v128, add: v128, low: v128, high: v128,
): void {
  const at = <usize>x << 2;
  let sum = line1(add, p0 + at, place, w0, w1, w2);
  sum = line1(sum, p1 + at, place, w3, w4, w5);
  let under = line1(add, p1 + at, place, w0, w1, w2);
  sum = line1(sum, p2 + at, place, w6, w7, w8);
  under = line1(under, p2 + at, place, w3, w4, w5);
  under = line1(under, p3 + at, place, w6, w7, w8);
  v128.store(q1 + at, f32x4.pmin(f32x4.pmax(under, low), high));
  v128.store(q0 + at, f32x4.pmin(f32x4.pmax(sum, low), high));
}

/** A block of a row at stride 2. */
@inline
function row2(
  place: i32, x: i32, p0: usize, p1: usize, p2: usize, q0: usize, w0: v128, w1: v128, w2: v128,
  w3: v128, w4: v128, w5: v128, w6: v128, w7: v128, w8: v128, add: v128, low: v128, high: v128,
): void {
  const at = <usize>x << 3;
  let sum = line2(add, p0 + at, place, w0, w1, w2);
  sum = line2(sum, p1 + at, place, w3, w4, w5);
  sum = line2(sum, p2 + at, place, w6, w7, w8);
  v128.store(q0 + (<usize>x << 2), f32x4.pmin(f32x4.pmax(sum, low), high));
}
