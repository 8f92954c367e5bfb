// Depthwise convolution along channels: m = 1, one channel, many of them next to each other in the batch.
import {
  G_activation, G_aK, G_batch, G_bCol, G_beta, G_bias, G_bRow, G_cCol, G_cols, G_cRow, G_hi, G_ih, G_iw, G_lo, G_sh,
  G_sliding, G_sw, G_taps, G_TAPS, A_clamp,
} from "./fields";
import { activateSpan } from "./activation";
import { pixels3x3, pixels3x3Strided } from "./depthwise-pixels-3x3";
import { field, shareStart } from "./grid";
import { madd } from "./madd";

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

/** Rows are dealt to shares. Neighbours slide along rows, four channels at a time; the rest goes pixel by pixel. */
export function depthwisePixels(
  d: usize, a: usize, b: usize, c: usize, bias: usize, slopes: usize,
  rowBegin: i32, rowEnd: i32, scratch: usize, part: i32, parts: i32,
): void {
  const count = field(d, G_batch);
  const cols = field(d, G_cols);
  const rows = max(rowEnd - rowBegin, 0);
  const y0 = rowBegin + shareStart(rows, part, parts, 1);
  const y1 = rowBegin + shareStart(rows, part + 1, parts, 1);
  const cRow = <usize>field(d, G_cRow), cCol = <usize>field(d, G_cCol);
  const whole = field(d, G_sliding) ? count & ~3 : 0;
  if (whole) {
    const clamped = field(d, G_activation) == A_clamp;
    const low = f32x4.splat(clamped ? load<f32>(d + G_lo) : -Infinity);
    const high = f32x4.splat(clamped ? load<f32>(d + G_hi) : Infinity);
    if (field(d, G_sw) == 2) pixels3x3Strided(d, a, b, c, bias, scratch, whole, y0, y1, low, high);
    else pixels3x3(d, a, b, c, bias, scratch, whole, y0, y1, low, high);
  }
  for (let y = y0; y < y1; y++) {
    for (let x = 0; x < cols; x++) {
      const to = c + <usize>y * cRow + <usize>x * cCol;
      if (whole < count) pixel(d, a, b, bias, to, y, x, whole, count);
      if (field(d, G_activation) > A_clamp) activateSpan(d + G_activation, to, 4, count, slopes, 4);
    }
  }
}
