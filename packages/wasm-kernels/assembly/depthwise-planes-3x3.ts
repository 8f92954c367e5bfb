// Depthwise convolution of planes by 3 x 3 neighbours, at stride 1 or 2: four columns of outputs slide down the plane, and
// every line is read once for all the rows of outputs that it reaches. The last four columns end with the row, whatever
// they overlap. Scratch: zeros for the lines outside of the image, and four floats for outputs that nobody wants.
import {
  G_activation, G_aK, G_batchA, G_batchB, G_batchBias, G_batchC, G_batchSlopes, G_bias, G_bRow, G_cols, G_cRow, G_ih,
  G_iw, G_sw, G_TAPS, A_clamp,
} from "./fields";
import { activateSpan } from "./activation";
import { field } from "./grid";
import { madd, turn } from "./madd";

/** Bytes of a line that four outputs at stride 2 read, rounded up. */
const ZEROS: usize = 48;

@inline
function taps(sum: v128, v0: v128, x0: v128, v1: v128, x1: v128, v2: v128, x2: v128): v128 {
  return madd(madd(madd(sum, v0, x0), v1, x1), v2, x2);
}

/** Channels [first, last) of rows [y0, y1). */
export function planes3x3(
  d: usize, a: usize, b: usize, c: usize, bias: usize, slopes: usize, scratch: usize,
  first: i32, last: i32, y0: i32, y1: i32, low: v128, high: v128,
): void {
  const cols = field(d, G_cols), ih = field(d, G_ih), stride = field(d, G_sw);
  const line = <usize>field(d, G_bRow), cRow = <usize>field(d, G_cRow), aK = <usize>field(d, G_aK);
  const dx = load<i32>(d + G_TAPS, 4);
  // Row y is done with line y * stride + dy.
  const dy = load<i32>(d + G_TAPS) + 2;
  const cut = (cols - 1) * stride + dx + 2 >= field(d, G_iw);
  const unwanted = scratch + ZEROS;
  memory.fill(scratch, 0, ZEROS);
  // Pixels as they lie; one further, with a zero before them or behind them.
  const straight = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const behind = i8x16(-1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  const before = i8x16(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1, -1, -1, -1);
  for (let index = first; index < last; index++) {
    const w = a + <usize>(index * field(d, G_batchA));
    const image = b + <usize>(index * field(d, G_batchB));
    const plane = c + <usize>(index * field(d, G_batchC));
    const add = field(d, G_bias) ? v128.load32_splat(bias + <usize>(index * field(d, G_batchBias))) : f32x4.splat(0);
    const w0 = v128.load32_splat(w), w1 = v128.load32_splat(w + aK), w2 = v128.load32_splat(w + 2 * aK);
    const w3 = v128.load32_splat(w + 3 * aK), w4 = v128.load32_splat(w + 4 * aK), w5 = v128.load32_splat(w + 5 * aK);
    const w6 = v128.load32_splat(w + 6 * aK), w7 = v128.load32_splat(w + 7 * aK), w8 = v128.load32_splat(w + 8 * aK);
    for (let block = 0; block < cols; block += 4) {
      const x = min(block, cols - 4);
      const left = x * stride + dx;
      const isCut = cut && x == cols - 4;
      const nearAt: usize = left < 0 ? 4 : 0, farAt: usize = isCut ? 4 : 8;
      const near = left < 0 ? behind : straight, far = isCut ? before : straight;
      // What there is of this row of outputs, and of the next one.
      let sum = add, next = add;
      let y = max(y0 - (stride == 1 ? 2 : 1), min(y0, stride == 1 ? -dy : 1 - dy >> 1));
      while (y < y1) {
        const at = y * stride + dy;
        const inside = <u32>at < <u32>ih;
        let stop = y < y0 ? y0 : y1;
        let p = scratch, step: usize = 0;
        if (inside) { p = image + <usize>at * line + <usize>(left << 2); step = line; }
        let q = y < y0 ? unwanted : plane + <usize>y * cRow + (<usize>x << 2);
        const qStep: usize = y < y0 ? 0 : cRow;
        if (stride == 1) {
          stop = min(stop, at < 0 ? -dy : inside ? ih - dy : stop);
          for (; y < stop; y++) {
            const l = turn(v128.load(p + nearAt), near), m = v128.load(p, 4), r = turn(v128.load(p + farAt), far);
            v128.store(q, f32x4.pmin(f32x4.pmax(taps(sum, w6, l, w7, m, w8, r), low), high));
            sum = taps(next, w3, l, w4, m, w5, r);
            next = taps(add, w0, l, w1, m, w2, r);
            p += step;
            q += qStep;
          }
        } else {
          let o = scratch;
          const other = <u32>(at - 1) < <u32>ih;
          if (other) o = image + <usize>(at - 1) * line + <usize>(left << 2);
          // As far as both lines are inside; at the border one by one.
          stop = inside && other ? min(stop, y + ((ih - at + 1) >> 1)) : y + 1;
          step <<= 1;
          const mask = left < 0 ? f32x4.splat(0) : i32x4.splat(-1);
          for (; y < stop; y++) {
            let m = v128.load(o, 4), n = v128.load(o, 20);
            let r = v128.shuffle<f32>(m, n, 1, 3, 5, 7);
            let l = v128.shuffle<f32>(v128.and(v128.load32_splat(o + nearAt), mask), r, 3, 4, 5, 6);
            sum = taps(sum, w3, l, w4, v128.shuffle<f32>(m, n, 0, 2, 4, 6), w5, r);
            m = v128.load(p, 4);
            n = v128.load(p, 20);
            r = v128.shuffle<f32>(m, n, 1, 3, 5, 7);
            l = v128.shuffle<f32>(v128.and(v128.load32_splat(p + nearAt), mask), r, 3, 4, 5, 6);
            m = v128.shuffle<f32>(m, n, 0, 2, 4, 6);
            v128.store(q, f32x4.pmin(f32x4.pmax(taps(sum, w6, l, w7, m, w8, r), low), high));
            sum = taps(add, w0, l, w1, m, w2, r);
            o += step;
            p += step;
            q += qStep;
          }
        }
      }
    }
    if (field(d, G_activation) <= A_clamp) continue;
    const slope = slopes + <usize>(index * field(d, G_batchSlopes));
    for (let y = y0; y < y1; y++) activateSpan(d + G_activation, plane + <usize>y * cRow, 4, cols, slope, 0);
  }
}
