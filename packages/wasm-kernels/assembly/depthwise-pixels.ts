// Depthwise convolution along channels: m = 1, one channel, many of them next to each other in the batch.
import {
  G_activation, G_aK, G_batch, G_bCol, G_beta, G_bias, G_bRow, G_cCol, G_cols, G_cRow, G_hi, G_ih, G_iw, G_lo, G_sh,
  G_sw, G_taps, G_TAPS, A_clamp,
} from "./fields";
import { activateSpan } from "./activation";
import { endInside, field, firstInside, shareStart } from "./grid";
import { madd } from "./madd";

/** Four channels of `n` pixels of a row: `rows` lines of three taps, whose weights stay in registers. */
@inline
function span(
  rows: i32, p: usize, line: usize, col: usize, step: usize, w: usize, aK: usize,
  to: usize, toStep: usize, n: i32, accumulate: bool, add: v128, low: v128, high: v128,
): void {
  const w0 = v128.load(w), w1 = v128.load(w + aK), w2 = v128.load(w + 2 * aK);
  const w3 = rows > 1 ? v128.load(w + 3 * aK) : w0;
  const w4 = rows > 1 ? v128.load(w + 4 * aK) : w0;
  const w5 = rows > 1 ? v128.load(w + 5 * aK) : w0;
  const w6 = rows > 2 ? v128.load(w + 6 * aK) : w0;
  const w7 = rows > 2 ? v128.load(w + 7 * aK) : w0;
  const w8 = rows > 2 ? v128.load(w + 8 * aK) : w0;
  const wide = 2 * col;
  for (let i = 0; i < n; i++) {
    let sum = madd(f32x4.splat(0), w0, v128.load(p));
    sum = madd(sum, w1, v128.load(p + col));
    sum = madd(sum, w2, v128.load(p + wide));
    if (rows > 1) {
      const q = p + line;
      sum = madd(sum, w3, v128.load(q));
      sum = madd(sum, w4, v128.load(q + col));
      sum = madd(sum, w5, v128.load(q + wide));
    }
    if (rows > 2) {
      const r = p + 2 * line;
      sum = madd(sum, w6, v128.load(r));
      sum = madd(sum, w7, v128.load(r + col));
      sum = madd(sum, w8, v128.load(r + wide));
    }
    if (accumulate) sum = f32x4.add(sum, v128.load(to));
    v128.store(to, f32x4.pmin(f32x4.pmax(f32x4.add(sum, add), low), high));
    p += step;
    to += toStep;
  }
}

/** Whether the taps are 3 x 3 neighbours. */
function isThreeByThree(d: usize): bool {
  if (field(d, G_taps) != 9) return false;
  const dy = load<i32>(d + G_TAPS), dx = load<i32>(d + G_TAPS + 4);
  for (let tap = 0; tap < 9; tap++) {
    const at = d + G_TAPS + (<usize>tap << 3);
    if (load<i32>(at) != dy + tap / 3 || load<i32>(at, 4) != dx + tap % 3) return false;
  }
  return true;
}

/** Channels [from, end) of one pixel, tap by tap: the image's border, other kernels, the last channels. */
function pixel(d: usize, a: usize, b: usize, bias: usize, to: usize, y: i32, x: i32, from: i32, end: i32): void {
  const taps = field(d, G_taps);
  const ih = field(d, G_ih), iw = field(d, G_iw);
  const line = <usize>field(d, G_bRow), col = <usize>field(d, G_bCol);
  const aK = <usize>field(d, G_aK);
  const accumulate = field(d, G_beta) == 1;
  const hasBias = field(d, G_bias) != 0;
  const clamped = field(d, G_activation) == A_clamp;
  const lo: f32 = clamped ? load<f32>(d + G_lo) : -Infinity;
  const hi: f32 = clamped ? load<f32>(d + G_hi) : Infinity;
  const top = y * field(d, G_sh), left = x * field(d, G_sw);
  let channel = from;
  for (; channel + 4 <= end; channel += 4) {
    const at = <usize>channel << 2;
    let sum = f32x4.splat(0);
    for (let tap = 0; tap < taps; tap++) {
      const iy = top + load<i32>(d + G_TAPS + (<usize>tap << 3));
      const ix = left + load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
      if (<u32>iy >= <u32>ih || <u32>ix >= <u32>iw) continue;
      sum = madd(sum, v128.load(a + <usize>tap * aK + at), v128.load(b + <usize>iy * line + <usize>ix * col + at));
    }
    if (accumulate) sum = f32x4.add(sum, v128.load(to + at));
    if (hasBias) sum = f32x4.add(sum, v128.load(bias + at));
    v128.store(to + at, f32x4.pmin(f32x4.pmax(sum, f32x4.splat(lo)), f32x4.splat(hi)));
  }
  for (; channel < end; channel++) {
    const at = <usize>channel << 2;
    let sum: f32 = 0;
    for (let tap = 0; tap < taps; tap++) {
      const iy = top + load<i32>(d + G_TAPS + (<usize>tap << 3));
      const ix = left + load<i32>(d + G_TAPS + (<usize>tap << 3), 4);
      if (<u32>iy >= <u32>ih || <u32>ix >= <u32>iw) continue;
      sum += load<f32>(a + <usize>tap * aK + at) * load<f32>(b + <usize>iy * line + <usize>ix * col + at);
    }
    if (accumulate) sum += load<f32>(to + at);
    if (hasBias) sum += load<f32>(bias + at);
    store<f32>(to + at, min(max(sum, lo), hi));
  }
}

/** Rows are dealt to shares. Inside of the image 3 x 3 kernels slide along the row, four channels at a time. */
export function depthwisePixels(
  d: usize, a: usize, b: usize, c: usize, bias: usize, slopes: usize,
  rowBegin: i32, rowEnd: i32, scratch: usize, part: i32, parts: i32,
): void {
  const count = field(d, G_batch);
  const cols = field(d, G_cols);
  const rows = max(rowEnd - rowBegin, 0);
  const y0 = rowBegin + shareStart(rows, part, parts, 1);
  const y1 = rowBegin + shareStart(rows, part + 1, parts, 1);
  const three = isThreeByThree(d);
  const sh = field(d, G_sh), sw = field(d, G_sw), ih = field(d, G_ih), iw = field(d, G_iw);
  const dy = load<i32>(d + G_TAPS), dx = load<i32>(d + G_TAPS + 4);
  const line = <usize>field(d, G_bRow), col = <usize>field(d, G_bCol);
  const cCol = <usize>field(d, G_cCol), aK = <usize>field(d, G_aK);
  const accumulate = field(d, G_beta) == 1;
  const clamped = field(d, G_activation) == A_clamp;
  const low = f32x4.splat(clamped ? load<f32>(d + G_lo) : -Infinity);
  const high = f32x4.splat(clamped ? load<f32>(d + G_hi) : Infinity);
  const xa = three ? min(cols, max(0, firstInside(dx, sw))) : cols;
  const xb = three ? max(xa, min(cols, endInside(dx + 2, sw, iw))) : cols;
  const whole = three ? count & ~3 : 0;
  for (let y = y0; y < y1; y++) {
    const row = c + <usize>y * <usize>field(d, G_cRow);
    const top = y * sh + dy;
    const r0 = max(0, -top);
    const r1 = min(3, ih - top);
    if (xb > xa && r1 > r0) {
      const corner = b + <usize>(top + r0) * line + <usize>(xa * sw + dx) * col;
      const step = <usize>sw * col;
      for (let channel = 0; channel < whole; channel += 4) {
        const at = <usize>channel << 2;
        const add = field(d, G_bias) ? v128.load(bias + at) : f32x4.splat(0);
        const w = a + <usize>(3 * r0) * aK + at;
        const to = row + <usize>xa * cCol + at;
        const n = xb - xa;
        if (r1 - r0 == 3) span(3, corner + at, line, col, step, w, aK, to, cCol, n, accumulate, add, low, high);
        else if (r1 - r0 == 2) span(2, corner + at, line, col, step, w, aK, to, cCol, n, accumulate, add, low, high);
        else span(1, corner + at, line, col, step, w, aK, to, cCol, n, accumulate, add, low, high);
      }
    }
    const slid = xb > xa && r1 > r0;
    for (let x = 0; x < cols; x++) {
      const inside = slid && x >= xa && x < xb;
      pixel(d, a, b, bias, row + <usize>x * cCol, y, x, inside ? whole : 0, count);
    }
    if (field(d, G_activation) > A_clamp) {
      for (let x = 0; x < cols; x++) activateSpan(d + G_activation, row + <usize>x * cCol, 4, count, slopes, 4);
    }
  }
}
