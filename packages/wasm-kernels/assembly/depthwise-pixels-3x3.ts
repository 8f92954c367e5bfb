// Depthwise convolution along channels by 3 x 3 neighbours: four channels slide along a row, and every pixel is read once
// for all the columns of outputs that it reaches. Outside of the image pixels are zeros at an address of their own, so
// that the loops know no border. Scratch: four zeros, and four floats for outputs that nobody wants.
import { G_aK, G_bCol, G_bias, G_bRow, G_cCol, G_cols, G_cRow, G_ih, G_iw, G_sh, G_TAPS } from "./fields";
import { field } from "./grid";
import { madd } from "./madd";

/** Outputs of a row before the next four channels come: so many lines of pixels stay in the first cache. */
const SPAN = 16;

/** Channels [0, count), a multiple of four, of rows [y0, y1) at stride 1: two rows at once share half of their pixels. */
export function pixels3x3(
  d: usize, a: usize, b: usize, c: usize, bias: usize, scratch: usize,
  count: i32, y0: i32, y1: i32, low: v128, high: v128,
): void {
  const cols = field(d, G_cols), ih = field(d, G_ih), iw = field(d, G_iw);
  const line = <usize>field(d, G_bRow), col = <usize>field(d, G_bCol), aK = <usize>field(d, G_aK);
  const cRow = <usize>field(d, G_cRow), cCol = <usize>field(d, G_cCol);
  // Output x begins with column x + dx - 2 and is done with column x + dx.
  const dy = load<i32>(d + G_TAPS), dx = load<i32>(d + G_TAPS, 4) + 2;
  const unwanted = scratch + 16;
  v128.store(scratch, f32x4.splat(0));
  for (let y = y0; y < y1; y += 2) {
    const top = y + dy;
    // The row below of the last one is computed for nothing: it is stored first.
    const under = y + 1 < y1 ? cRow : 0;
    for (let from = 0; from < cols; from += SPAN) {
      const end = min(cols, from + SPAN);
      for (let channel = 0; channel < count; channel += 4) {
        const at = <usize>channel << 2;
        const add = field(d, G_bias) ? v128.load(bias + at) : f32x4.splat(0);
        const w = a + at;
        const w0 = v128.load(w), w1 = v128.load(w + aK), w2 = v128.load(w + 2 * aK);
        const w3 = v128.load(w + 3 * aK), w4 = v128.load(w + 4 * aK), w5 = v128.load(w + 5 * aK);
        const w6 = v128.load(w + 6 * aK), w7 = v128.load(w + 7 * aK), w8 = v128.load(w + 8 * aK);
        // What both rows have of this output, and of the next one.
        let s0 = add, s1 = add, n0 = add, n1 = add;
        let x = max(from - 2, min(from, -dx));
        while (x < end) {
          const column = x + dx;
          const inside = <u32>column < <u32>iw;
          const stop = min(x < from ? from : end, column < 0 ? -dx : inside ? iw - dx : end);
          const p = b + <usize>column * col + at;
          let p0 = scratch, p1 = scratch, p2 = scratch, p3 = scratch;
          let d0: usize = 0, d1: usize = 0, d2: usize = 0, d3: usize = 0;
          if (inside) {
            if (<u32>top < <u32>ih) { p0 = p + <usize>top * line; d0 = col; }
            if (<u32>(top + 1) < <u32>ih) { p1 = p + <usize>(top + 1) * line; d1 = col; }
            if (<u32>(top + 2) < <u32>ih) { p2 = p + <usize>(top + 2) * line; d2 = col; }
            if (<u32>(top + 3) < <u32>ih) { p3 = p + <usize>(top + 3) * line; d3 = col; }
          }
          const wanted = x >= from;
          const step = wanted ? cCol : 0;
          let q0 = wanted ? c + <usize>y * cRow + <usize>x * cCol + at : unwanted;
          let q1 = wanted ? q0 + under : unwanted;
          for (; x < stop; x++) {
            const v0 = v128.load(p0), v1 = v128.load(p1), v2 = v128.load(p2), v3 = v128.load(p3);
            v128.store(q1, f32x4.pmin(f32x4.pmax(madd(madd(madd(s1, w2, v1), w5, v2), w8, v3), low), high));
            v128.store(q0, f32x4.pmin(f32x4.pmax(madd(madd(madd(s0, w2, v0), w5, v1), w8, v2), low), high));
            s0 = madd(madd(madd(n0, w1, v0), w4, v1), w7, v2);
            s1 = madd(madd(madd(n1, w1, v1), w4, v2), w7, v3);
            n0 = madd(madd(madd(add, w0, v0), w3, v1), w6, v2);
            n1 = madd(madd(madd(add, w0, v1), w3, v2), w6, v3);
            p0 += d0; p1 += d1; p2 += d2; p3 += d3;
            q0 += step; q1 += step;
          }
        }
      }
    }
  }
}

/** The same at column stride 2 and any row stride: a row at a time, of which every other column is shared. */
export function pixels3x3Strided(
  d: usize, a: usize, b: usize, c: usize, bias: usize, scratch: usize,
  count: i32, y0: i32, y1: i32, low: v128, high: v128,
): void {
  const cols = field(d, G_cols), ih = field(d, G_ih), iw = field(d, G_iw), sh = field(d, G_sh);
  const line = <usize>field(d, G_bRow), col = <usize>field(d, G_bCol), aK = <usize>field(d, G_aK);
  const cRow = <usize>field(d, G_cRow), cCol = <usize>field(d, G_cCol);
  // Output x begins with column 2x + dx - 1, where the one before ends.
  const dy = load<i32>(d + G_TAPS), dx = load<i32>(d + G_TAPS, 4) + 1;
  const unwanted = scratch + 16;
  v128.store(scratch, f32x4.splat(0));
  for (let y = y0; y < y1; y++) {
    const top = y * sh + dy;
    for (let from = 0; from < cols; from += SPAN) {
      const end = min(cols, from + SPAN);
      for (let channel = 0; channel < count; channel += 4) {
        const at = <usize>channel << 2;
        const add = field(d, G_bias) ? v128.load(bias + at) : f32x4.splat(0);
        const w = a + at;
        const w0 = v128.load(w), w1 = v128.load(w + aK), w2 = v128.load(w + 2 * aK);
        const w3 = v128.load(w + 3 * aK), w4 = v128.load(w + 4 * aK), w5 = v128.load(w + 5 * aK);
        const w6 = v128.load(w + 6 * aK), w7 = v128.load(w + 7 * aK), w8 = v128.load(w + 8 * aK);
        let sum = add;
        let x = 2 * from + dx > 0 ? from - 1 : from;
        while (x < end) {
          const column = 2 * x + dx;
          const near = <u32>column < <u32>iw, far = <u32>(column + 1) < <u32>iw;
          // As far as both columns are inside; at the border one by one.
          const stop = x < from || !near || !far ? x + 1 : min(end, x + ((iw - column) >> 1));
          const p = b + <usize>column * col + at;
          let p0 = scratch, p1 = scratch, p2 = scratch, r0 = scratch, r1 = scratch, r2 = scratch;
          let d0: usize = 0, d1: usize = 0, d2: usize = 0;
          if (<u32>top < <u32>ih) {
            const q = p + <usize>top * line;
            if (near) p0 = q;
            if (far) r0 = q + col;
            d0 = 2 * col;
          }
          if (<u32>(top + 1) < <u32>ih) {
            const q = p + <usize>(top + 1) * line;
            if (near) p1 = q;
            if (far) r1 = q + col;
            d1 = 2 * col;
          }
          if (<u32>(top + 2) < <u32>ih) {
            const q = p + <usize>(top + 2) * line;
            if (near) p2 = q;
            if (far) r2 = q + col;
            d2 = 2 * col;
          }
          let to = x >= from ? c + <usize>y * cRow + <usize>x * cCol + at : unwanted;
          for (; x < stop; x++) {
            sum = madd(madd(madd(sum, w1, v128.load(p0)), w4, v128.load(p1)), w7, v128.load(p2));
            const v0 = v128.load(r0), v1 = v128.load(r1), v2 = v128.load(r2);
            v128.store(to, f32x4.pmin(f32x4.pmax(madd(madd(madd(sum, w2, v0), w5, v1), w8, v2), low), high));
            sum = madd(madd(madd(add, w0, v0), w3, v1), w6, v2);
            p0 += d0; p1 += d1; p2 += d2;
            r0 += d0; r1 += d1; r2 += d2;
            to += cCol;
          }
        }
      }
    }
  }
}
